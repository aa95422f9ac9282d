"""Runs in the environment of requirements-peers.txt: what NannyML and Fairlearn say of NannyML's own data sets.

In:   {"folder": where to write the rows, "sets": {name: {"chunk", "chunks_of_reference", "chunks_of_analysis",
       "chunks_of_fairness"}}}
Out:  {"versions": {tool: version}, "sets": {name: {"realised": {metric: [of each chunk]}, "estimated": the same of the
       chunks of analysis, "fairness": {measure: value}}}}. <name>.parquet has score, prediction, label, group and chunk.

The chunks of the reference come first. Fairness compares the two groups of a column over the first chunks of all.
"""

from __future__ import annotations

import json
import logging
import socket
import sys
from pathlib import Path
from typing import Any


def refuse(*_: Any) -> None:
    """In place of a connection: the data is in the package."""
    raise OSError("a connection was refused: nothing here needs a network")


socket.socket.connect = refuse  # type: ignore[method-assign]

import fairlearn  # noqa: E402
import nannyml  # noqa: E402
import pandas as pd  # noqa: E402
from fairlearn import metrics as fair  # noqa: E402
from sklearn.metrics import precision_score, recall_score  # noqa: E402

METRICS = ["accuracy", "precision", "recall", "specificity", "f1", "roc_auc", "average_precision"]
# Loader, and the columns of the label, the score, the prediction and the group.
SETS = {
    "census": (
        nannyml.load_us_census_ma_employment_data,
        ["employed", "predicted_probability", "prediction", "SEX"],
    ),
    "housing": (
        nannyml.load_modified_california_housing_dataset,
        ["clf_target", "y_pred_proba", "y_pred", None],
    ),
    "loans": (
        nannyml.load_synthetic_car_loan_dataset,
        ["repaid", "y_pred_proba", "y_pred", "repaid_loan_on_prev_car"],
    ),
}


def rows_of(name: str, size: dict[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Whole chunks of both periods, under names of our own."""
    load, columns = SETS[name]
    reference, analysis, targets = load()
    analysis = analysis.merge(targets, on="id")
    frames = []
    for frame, count in ((reference, size["chunks_of_reference"]), (analysis, size["chunks_of_analysis"])):
        frame = frame.head(size["chunk"] * min(count, len(frame) // size["chunk"])).reset_index(drop=True)
        # Without a column of two values: whether the house is north of San Francisco.
        group = frame[columns[3]] if columns[3] else frame["Latitude"] > 37.8
        frames.append(
            pd.DataFrame(
                {
                    "label": frame[columns[0]].astype(int),
                    "score": frame[columns[1]].astype(float),
                    "prediction": frame[columns[2]].astype(int),
                    "group": group.astype(str),
                }
            )
        )
    return frames[0], frames[1]


def of_nannyml(
    reference: pd.DataFrame, analysis: pd.DataFrame, chunk: int
) -> dict[str, dict[str, list[float]]]:
    """Realised and estimated performance of each chunk."""
    names = {
        "y_true": "label",
        "y_pred_proba": "score",
        "y_pred": "prediction",
        "problem_type": "classification_binary",
        "chunk_size": chunk,
    }
    realised = nannyml.PerformanceCalculator(metrics=METRICS, **names).fit(reference).calculate(analysis)
    estimated = nannyml.CBPE(metrics=METRICS, **names).fit(reference).estimate(analysis)
    frame, guess = realised.to_df(), estimated.filter(period="analysis").to_df()
    return {
        "realised": {metric: frame[metric]["value"].tolist() for metric in METRICS},
        "estimated": {metric: guess[metric]["value"].tolist() for metric in METRICS},
    }


def of_fairlearn(rows: pd.DataFrame) -> dict[str, float]:
    """Each measure of fairness that Fairlearn has a function for, and those that are differences of a MetricFrame."""
    known = {"y_true": rows["label"], "y_pred": rows["prediction"], "sensitive_features": rows["group"]}
    by_group = fair.MetricFrame(
        metrics={
            "equal_opportunity_difference": recall_score,
            "predictive_parity_difference": precision_score,
            "predictive_equality_difference": fair.false_positive_rate,
        },
        **known,
    )
    return {
        "demographic_parity_ratio": fair.demographic_parity_ratio(**known),
        "demographic_parity_difference": fair.demographic_parity_difference(**known),
        "equalized_odds_difference": fair.equalized_odds_difference(**known),
        **by_group.difference(method="between_groups").to_dict(),
    }


def main() -> None:
    """Answer."""
    logging.disable(logging.CRITICAL)
    asked = json.load(sys.stdin)
    answers = {}
    for name, size in asked["sets"].items():
        reference, analysis = rows_of(name, size)
        rows = pd.concat([reference, analysis], ignore_index=True)
        rows["chunk"] = rows.index // size["chunk"]
        rows.to_parquet(Path(asked["folder"]) / f"{name}.parquet", index=False)
        compared = rows.head(size["chunk"] * size["chunks_of_fairness"])
        answers[name] = of_nannyml(reference, analysis, size["chunk"]) | {"fairness": of_fairlearn(compared)}
    versions = {"nannyml": nannyml.__version__, "fairlearn": fairlearn.__version__}
    print(json.dumps({"versions": versions, "sets": answers}))


main()

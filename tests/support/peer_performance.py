"""Runs in the environment of requirements-peers.txt: what NannyML and Fairlearn say of the data sets that NannyML brings along.

In:   {"folder": where to write the rows, "fairness": {set: {"groups": [columns, or lists of columns],
                                                             "windows": [[first chunk, last chunk]]}}}
Out:  {"versions": {tool: version}, "sets": {set: {
          "reference_chunks": number, "reference": {metric: value of the whole reference},
          "realised": {metric: [of each chunk]}, "estimated": {metric: [of each chunk of the analysis]},
          "fairness": [{"groups", "first", "last", "small": {measure: [groups]}, "values": {measure: value},
                        "all": {measure: value}}]}}}
       and of each set <set>.parquet with id, score, prediction, label, chunk (from 0, the reference first) and its groups.

Chunks are those of NannyML's tutorials: 5,000 rows, or the months of the housing set; the last one of a period may be smaller.
"small" are the groups with fewer than 30 rows of what a measure compares; "values" are without them and "all" with them.
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
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from fairlearn import metrics as fair  # noqa: E402
from sklearn.metrics import precision_score  # noqa: E402

METRICS = ["accuracy", "precision", "recall", "specificity", "f1", "roc_auc", "average_precision"]
SMALL_GROUP = 30
SETS: dict[str, dict[str, Any]] = {
    "census": {
        "load": nannyml.load_us_census_ma_employment_data,
        "columns": {"employed": "label", "predicted_probability": "score"},
        "groups": {"SEX": "sex", "MAR": "marital_status", "RAC1P": "race"},
        "chunks": {"chunk_size": 5000},
    },
    "housing": {
        "load": nannyml.load_modified_california_housing_dataset,
        "columns": {"clf_target": "label", "y_pred_proba": "score", "y_pred": "prediction"},
        "groups": {},
        "chunks": {"chunk_period": "M", "timestamp_column_name": "timestamp"},
    },
    "loans": {
        "load": nannyml.load_synthetic_car_loan_dataset,
        "columns": {"repaid": "label", "y_pred_proba": "score", "y_pred": "prediction"},
        "groups": {"salary_range": "salary_range", "repaid_loan_on_prev_car": "repaid_before"},
        "chunks": {"chunk_size": 5000},
    },
}


def of_nannyml(name: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The rows of a set with their chunk, and realised and estimated performance of each chunk."""
    about = SETS[name]
    names = about["columns"] | about["groups"]
    reference, analysis, targets = about["load"]()
    periods = [one.rename(columns=names) for one in (reference, analysis.merge(targets, on="id"))]
    asked = {
        "y_true": "label",
        "y_pred": "prediction",
        "y_pred_proba": "score",
        "problem_type": "classification_binary",
        "metrics": METRICS,
    }
    realised = nannyml.PerformanceCalculator(**asked, **about["chunks"]).fit(periods[0]).calculate(periods[1])
    estimated = nannyml.CBPE(**asked, **about["chunks"]).fit(periods[0]).estimate(periods[1])
    whole = nannyml.PerformanceCalculator(**asked, chunk_number=1).fit(periods[0]).calculate(periods[1])
    found = realised.to_df()
    guess = estimated.filter(period="analysis").to_df()
    all_of_reference = whole.filter(period="reference").to_df()
    frames, first = [], 0
    for period, rows in zip(("reference", "analysis"), periods, strict=True):
        starts = found.loc[found["chunk"]["period"] == period, ("chunk", "start_index")].to_numpy()
        place = np.searchsorted(starts, np.arange(len(rows)), side="right") - 1
        frames.append(rows.assign(chunk=first + place))
        first += len(starts)
    rows = pd.concat(frames, ignore_index=True)
    kept = ["id", "score", "prediction", "label", "chunk", *about["groups"].values()]
    texts = {group: rows[group].astype(str) for group in about["groups"].values()}
    rows = rows[kept].assign(**texts).astype({"label": "int64", "prediction": "int64"})
    return rows, {
        "reference_chunks": int(frames[0]["chunk"].max()) + 1,
        "reference": {metric: float(all_of_reference[metric]["value"].iloc[0]) for metric in METRICS},
        "realised": {metric: found[metric]["value"].tolist() for metric in METRICS},
        "estimated": {metric: guess[metric]["value"].tolist() for metric in METRICS},
    }


def by_frame(metric: Any, **known: Any) -> float:
    """The largest difference between groups of a metric that Fairlearn has no difference function for."""
    return float(fair.MetricFrame(metrics=metric, **known).difference(method="between_groups"))


# Each measure of fairness: how Fairlearn works it out, and which rows it compares.
MEASURES: dict[str, tuple[Any, list[str]]] = {
    "demographic_parity_ratio": (fair.demographic_parity_ratio, ["any"]),
    "demographic_parity_difference": (fair.demographic_parity_difference, ["any"]),
    "equalized_odds_difference": (fair.equalized_odds_difference, ["positive", "negative"]),
    "equal_opportunity_difference": (fair.equal_opportunity_difference, ["positive"]),
    "predictive_equality_difference": (
        lambda y_true, y_pred, sensitive_features: by_frame(
            fair.false_positive_rate, y_true=y_true, y_pred=y_pred, sensitive_features=sensitive_features
        ),
        ["negative"],
    ),
    "predictive_parity_difference": (
        lambda y_true, y_pred, sensitive_features: by_frame(
            precision_score, y_true=y_true, y_pred=y_pred, sensitive_features=sensitive_features
        ),
        ["predicted positive"],
    ),
}


def of_fairlearn(rows: pd.DataFrame, groups: list[str]) -> dict[str, Any]:
    """The measures of these rows between the values of a column, or of several together."""
    group = rows[groups[0]].str.cat([rows[one] for one in groups[1:]], sep=" * ").astype("category")
    compared = {
        "any": rows["label"] >= 0,
        "positive": rows["label"] == 1,
        "negative": rows["label"] == 0,
        "predicted positive": rows["prediction"] == 1,
    }
    answer: dict[str, Any] = {"small": {}, "values": {}, "all": {}}
    for measure, (function, of) in MEASURES.items():
        small = sorted(
            {
                value
                for one in of
                for value, count in compared[one].groupby(group, observed=True).sum().items()
                if count < SMALL_GROUP
            }
        )
        answer["small"][measure] = small
        known = {"y_true": rows["label"], "y_pred": rows["prediction"], "sensitive_features": group.cat.codes}
        answer["all"][measure] = answer["values"][measure] = float(function(**known))
        if small:
            chosen = ~group.isin(small)
            large = {name: values[chosen] for name, values in known.items()}
            answer["values"][measure] = float(function(**large))
    return answer


def main() -> None:
    """Answer."""
    logging.disable(logging.CRITICAL)
    asked = json.load(sys.stdin)
    answers = {}
    for name in SETS:
        rows, answers[name] = of_nannyml(name)
        rows.to_parquet(Path(asked["folder"]) / f"{name}.parquet", index=False)
        wanted = asked["fairness"].get(name, {"groups": [], "windows": []})
        answers[name]["fairness"] = [
            {"groups": groups, "first": first, "last": last}
            | of_fairlearn(rows[rows["chunk"].between(first, last)], groups)
            for groups in wanted["groups"]
            for first, last in wanted["windows"]
        ]
    versions = {"nannyml": nannyml.__version__, "fairlearn": fairlearn.__version__}
    print(json.dumps({"versions": versions, "sets": answers}))


main()

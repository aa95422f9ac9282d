"""How often the 99.9 % intervals of performance cover the truth, by simulation, through the SQL that makes them.

The table in docs/metrics.md is this one; the test compares both.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, Project
from scipy.stats import norm

REPLICATES, RANKED_REPLICATES = 5_000, 1_000
# Rows with a label, and the share of positives.
BINARY = {"30 rows, half positive": (30, 0.5), "200 rows, 10 %": (200, 0.1), "1,000 rows, 4 %": (1000, 0.04)}
RECALL, FALSE_POSITIVE_RATE = 0.7, 0.1
ERRORS = {"30 rows": 30, "200 rows": 200, "1,000 rows": 1000}
# Positives and negatives, and how far their scores are apart in standard deviations.
RANKED = {"20 of 200 rows positive": (20, 180), "100 of 1,000 rows": (100, 900)}
DISTANCE = 1.5
# Rows, and the shares of them that the challenger alone, and the model alone, predicts right.
PAIRS = {"200 rows, 10 % differ": (200, 0.06, 0.04), "1,000 rows, 4 % differ": (1000, 0.01, 0.03)}
# Amounts with an exponential distribution of mean 50, divided by the rows that are positive, a half of all.
AMOUNTS = {"200 amounts": 200, "1,000 amounts": 1000}
COST = {
    "name": "cost",
    "numerator": "amount",
    "denominator": "label",
    "unit": "EUR",
    "description": "",
    "is_better": "lower",
    "compared_by": "ratio",
}
MODEL = """{{{{ config(materialized='table') }}}}
with

{before}{{{{ ml_monitor.measured_values(
    {measures} | selectattr('category', 'equalto', 'performance') | list,
    {source}, ['setting', 'replicate'], has_cells={has_cells}
) }}}}

final as (

    select * from measured where interval_name <> 'none'

)

select * from final
"""


def binary_counts(random: np.random.Generator) -> pd.DataFrame:
    """Confusion counts of many windows of a model whose shares are known."""
    frames = []
    for setting, (rows, share) in BINARY.items():
        cells = [share * RECALL, share * (1 - RECALL)]
        cells += [(1 - share) * FALSE_POSITIVE_RATE, (1 - share) * (1 - FALSE_POSITIVE_RATE)]
        hits, missed, false_alarms, right = random.multinomial(rows, cells, REPLICATES).T
        frames.append(
            pd.DataFrame(
                {
                    "setting": setting,
                    "replicate": np.arange(REPLICATES),
                    "predicted_rows": rows,
                    "labelled_rows": rows,
                    "correct_rows": hits + right,
                    "true_positive_rows": hits,
                    "predicted_positive_rows": hits + false_alarms,
                    "positive_rows": hits + missed,
                    "selected_rows": hits + false_alarms,
                }
            )
        )
    return pd.concat(frames)


def binary_truth(setting: str) -> dict[str, float]:
    """The values that these windows are samples of."""
    share = BINARY[setting][1]
    hits, false_alarms = share * RECALL, (1 - share) * FALSE_POSITIVE_RATE
    return {
        "accuracy": hits + (1 - share) * (1 - FALSE_POSITIVE_RATE),
        "precision": hits / (hits + false_alarms),
        "recall": RECALL,
        "specificity": 1 - FALSE_POSITIVE_RATE,
        "f1": 2 * hits / (2 * hits + false_alarms + share * (1 - RECALL)),
        "balanced_accuracy": (RECALL + 1 - FALSE_POSITIVE_RATE) / 2,
    }


def error_sums(random: np.random.Generator) -> pd.DataFrame:
    """Sums of normal errors with a bias of 1 and a standard deviation of 3."""
    frames = []
    for setting, rows in ERRORS.items():
        errors = random.normal(-1, 3, (REPLICATES, rows))
        absolute, square = np.abs(errors).sum(axis=1), (errors**2).sum(axis=1)
        frames.append(
            pd.DataFrame(
                {
                    "setting": setting,
                    "replicate": np.arange(REPLICATES),
                    "predicted_rows": rows,
                    "labelled_rows": rows,
                    "error_count": rows,
                    "error_sum": errors.sum(axis=1),
                    "absolute_error_sum": absolute,
                    "squared_error_sum": square,
                    "mae": absolute / rows,
                    "rmse": np.sqrt(square / rows),
                    "bias": -errors.sum(axis=1) / rows,
                }
            )
        )
    frame = pd.concat(frames)
    unused = [
        "label_sd",
        "naive_mae",
        "percentage_error_sum",
        "absolute_label_sum",
        "squared_log_error_sum",
        "largest_error",
        "median_absolute_error",
        "absolute_error_p90",
        "absolute_error_p99",
    ]
    for name in [*unused, "nonzero_label_count", "nonnegative_count"]:
        frame[name] = np.nan
    return frame


def scores(random: np.random.Generator) -> pd.DataFrame:
    """Scores of many windows, each in a cell of its own."""
    frames = []
    for setting, (positives, negatives) in RANKED.items():
        rows = positives + negatives
        is_positive = np.tile(np.arange(rows) < positives, RANKED_REPLICATES)
        score = random.standard_normal(rows * RANKED_REPLICATES) + DISTANCE * is_positive
        frame = pd.DataFrame(
            {
                "setting": setting,
                "replicate": np.repeat(np.arange(RANKED_REPLICATES), rows),
                "slot": 0,
                "cell": score.argsort().argsort(),
                "positive_count": is_positive.astype(float),
                "negative_count": 1.0 - is_positive,
            }
        )
        frames.append(frame)
    return pd.concat(frames)


def ranked_truth(setting: str) -> dict[str, float]:
    """AUC and average precision of endlessly many such scores."""
    share = RANKED[setting][0] / sum(RANKED[setting])
    threshold = np.linspace(-8, 12, 200_001)
    recall, false = norm.sf(threshold - DISTANCE), norm.sf(threshold)
    precision = share * recall / (share * recall + (1 - share) * false)
    average = np.sum(precision * norm.pdf(threshold - DISTANCE)) * (threshold[1] - threshold[0])
    return {"auc": norm.cdf(DISTANCE / np.sqrt(2)), "average_precision": average}


def pairs(random: np.random.Generator) -> pd.DataFrame:
    """Sums of what a challenger gains over a model, and ratios of sums, of many windows."""
    frames = []
    for setting, (rows, gains, losses) in PAIRS.items():
        counts = random.multinomial(rows, [gains, losses, 1 - gains - losses], REPLICATES)
        better, worse, _ = counts.T
        sums = {
            "shadow_count": rows,
            "shadow_gain_sum": better - worse,
            "shadow_gain_squared_sum": better + worse,
        }
        frames.append(pd.DataFrame({"setting": setting, "replicate": np.arange(REPLICATES)} | sums))
    for setting, rows in AMOUNTS.items():
        amounts = random.exponential(50, (REPLICATES, rows))
        labels = (random.random((REPLICATES, rows)) < 0.5).astype(float)
        sums = {
            "count": rows,
            "sum": amounts.sum(axis=1),
            "squared_sum": (amounts**2).sum(axis=1),
            "denominator_sum": labels.sum(axis=1),
            "denominator_squared_sum": labels.sum(axis=1),
            "product_sum": (amounts * labels).sum(axis=1),
        }
        named = {f"metric_cost_{name}": value for name, value in sums.items()}
        frames.append(pd.DataFrame({"setting": setting, "replicate": np.arange(REPLICATES)} | named))
    return pd.concat(frames)


@pytest.fixture(scope="module")
def coverage(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[float, float]]:
    """Of each measure and setting, how often the interval covers the truth, and how wide it is in the middle."""
    random = np.random.default_rng(22)
    project = Project(tmp_path_factory.mktemp("intervals") / "project", as_of="2025-01-01 00:00:00")
    project.keep_only({})
    project.raw.mkdir(exist_ok=True)
    tables = {"counts": binary_counts(random), "errors": error_sums(random), "scores": scores(random)}
    tables["pairs"] = pairs(random)
    for name, frame in tables.items():
        frame.to_parquet(project.raw / f"{name}.parquet", index=False)
    read = {name: f"(select * from read_parquet('{project.raw / name}.parquet'))" for name in tables}
    ranking = f"""scores as (

    select * from {read["scores"]}

),

{{{{ ml_monitor.ranking_from_cells('scores', ['setting', 'replicate'], 'ranked') }}}}

summed as (

    select
        setting, replicate, positive_count as positive_rows, positive_count + negative_count as labelled_rows,
        positive_count + negative_count as predicted_rows, 0 as correct_rows, 0 as true_positive_rows, 0 as selected_rows,
        0 as predicted_positive_rows, 0 as reweighted_accuracy,
        auc, auc_error, average_precision, average_precision_from, average_precision_to
    from ranked

),

"""
    binary = "ml_monitor.performance_measures('binary', {}, false, has_shadow=false)"
    shadow = "[ml_monitor.plain_measure(ml_monitor.shadow_measure('binary'))]"
    paired = f"{shadow} + ml_monitor.custom_measures({{'metrics': [{COST}]}})"
    for name, before, measures, source, has_cells in [
        ("counts", "", binary.format("false"), f'"{read["counts"]}"', "false"),
        (
            "errors",
            "",
            "ml_monitor.performance_measures('regression', has_tolerance=false, has_shadow=false)",
            f'"{read["errors"]}"',
            "false",
        ),
        ("scores", ranking, binary.format("true"), "'summed'", "true"),
        ("pairs", "", paired, f'"{read["pairs"]}"', "false"),
    ]:
        text = MODEL.format(before=before, measures=measures, source=source, has_cells=has_cells)
        project.write(f"models/of_{name}.sql", text)
    project.dbt("run", check=0)
    # E|x| of a normal x with mean 1 and standard deviation 3.
    mean_absolute = 3 * np.sqrt(2 / np.pi) * np.exp(-1 / 18) + 1 - 2 * norm.cdf(-1 / 3)
    truths = {setting: binary_truth(setting) for setting in BINARY}
    truths |= {setting: {"mae": mean_absolute, "bias": 1.0} for setting in ERRORS}
    truths |= {setting: ranked_truth(setting) for setting in RANKED}
    truths |= {setting: {"shadow_gain": gains - losses} for setting, (_, gains, losses) in PAIRS.items()}
    truths |= {setting: {"cost": 100.0} for setting in AMOUNTS}
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for name in tables:
        rows = project.frame(
            f"select setting, metric, value_low, value_high from of_{name} where value_low is not null"
        )
        for (setting, metric), window in rows.groupby(["setting", "metric"]):
            truth = truths[setting].get(metric)
            if truth is None:
                continue
            covers = (window["value_low"] <= truth + 1e-12) & (window["value_high"] >= truth - 1e-12)
            found[metric, setting] = covers.mean(), (window["value_high"] - window["value_low"]).median()
    return found


def test_intervals_cover_as_often_as_they_say(coverage: dict[tuple[str, str], tuple[float, float]]) -> None:
    assert len(coverage) >= 20
    short = {key: share for key, (share, _) in coverage.items() if share < 0.993}
    assert not short


def test_the_docs_have_this_table(coverage: dict[tuple[str, str], tuple[float, float]]) -> None:
    lines = [
        f"| `{metric}` | {setting} | {100 * share:.2f} % | {width:.3f} |"
        for (metric, setting), (share, width) in coverage.items()
    ]
    page = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    text = page.split("| measure | rows with a label | covered | width |\n|---|---|---|---|\n")[1]
    assert text.split("\n\n")[0].splitlines() == lines, "\n".join(lines)

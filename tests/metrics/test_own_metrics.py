"""Metrics of a monitor's own, a challenger on the same rows, an experiment, class scores: each beside pandas or scikit-learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import Project, Result
from sklearn import metrics as skl

DAY = pd.Timedelta(days=1)
START, END = tiny_monitor.START, tiny_monitor.END
# The last day whose labels have had their 24 hours.
FAULTY = tiny_monitor.LAST_DAY - DAY
CLASSES = ["a", "b", "c", "d"]
TOTALS = "model_version = '__all__' and segment_name = '__all__'"
METRICS = """
          metrics:
            - name: missed_amount
              numerator: amount * label * (1 - prediction)
              unit: EUR per row
              is_better: lower
            - name: cost_per_hit
              numerator: case when prediction = 1 then amount end
              denominator: label + 0.5
              compared_by: change
            - {name: net, expression: "3 * missed_amount - cost_per_hit / nullif(missed_amount, 0)"}"""
MACRO = """
{% macro ml_metric__flagged(monitor) %}
    {% do return({'numerator': 'prediction', 'unit': 'share of rows', 'is_better': 'higher'}) if monitor.name == 'arms' %}
{% endmacro %}
"""


def raw_tables() -> dict[str, tiny_monitor.Frames]:
    """Three monitors: ``arms`` (binary), ``classes`` (multiclass, with class scores), ``minutes`` (regression)."""
    random = np.random.default_rng(11)
    arms, classes, minutes = (tiny_monitor.generate(rows_per_day=400, seed=seed) for seed in (21, 22, 23))
    for frames in (arms, classes, minutes):
        del frames["customer"]
    rows = arms["inferences"]
    rows["shadow"] = (rows["score"] + 0.1 * random.standard_normal(len(rows))).round(4)
    rows.loc[rows.index[::50], "shadow"] = np.nan
    rows["arm"] = random.choice(["control", "candidate"], len(rows), p=[0.8, 0.2])
    # On one day half of the rows of an arm are lost.
    is_lost = tiny_monitor.on(rows, FAULTY, FAULTY + DAY) & (rows["arm"] == "candidate")
    rows.loc[is_lost & (random.random(len(rows)) < 0.5), "arm"] = "control"
    # And the service is slow.
    rows.loc[tiny_monitor.on(rows, FAULTY, FAULTY + DAY), "latency_ms"] *= 4

    rows, labels = classes["inferences"], classes["labels"]
    chances = random.dirichlet([1.5, 1, 0.5, 0.2], len(rows)).round(6)
    chances[:, 0] += 1 - chances.sum(axis=1)
    for place, name in enumerate(CLASSES):
        rows[f"p_{name}"] = chances[:, place]
    rows["prediction"] = np.array(CLASSES)[chances.argmax(axis=1)]
    known = labels["prediction_id"].map(dict(zip(rows["prediction_id"], range(len(rows)), strict=True)))
    drawn = (chances[known].cumsum(axis=1) > random.random((len(labels), 1))).argmax(axis=1)
    labels["label"] = np.array(CLASSES)[drawn]
    # Scores that do not add up, one outside of 0 to 1, one that is missing; a class that nobody has seen.
    rows.loc[rows.index[::100], "p_a"] += 0.5
    rows.loc[rows.index[1::100], ["p_a", "p_b"]] = [1.2, -0.2]
    rows.loc[rows.index[2::100], "p_d"] = np.nan
    labels.loc[labels.index[::100], "label"] = "new"
    classes["reference"]["prediction"], classes["reference"]["label"] = "a", "a"
    del classes["reference"]["score"]
    del rows["score"]

    rows, labels, reference = minutes["inferences"], minutes["labels"], minutes["reference"]
    for frame in (rows, reference):
        frame["prediction"] = (20 + 20 * random.standard_normal(len(frame))).round(3)
    reference["label"] = 0.0
    predicted = labels["prediction_id"].map(rows.set_index("prediction_id")["prediction"])
    labels["label"] = (predicted + 5 * random.standard_t(3, len(labels))).round(3)
    truth = rows["prediction_id"].map(
        labels.drop_duplicates("prediction_id").set_index("prediction_id")["label"]
    )
    rows["rival"] = (truth.fillna(20) + 4 * random.standard_normal(len(rows))).round(3)
    rows.loc[rows.index[::60], "rival"] = np.inf
    return {"arms": arms, "classes": classes, "minutes": minutes}


@pytest.fixture(scope="module")
def frames() -> dict[str, tiny_monitor.Frames]:
    """The raw tables."""
    return raw_tables()


@pytest.fixture(scope="module")
def built(
    frames: dict[str, tiny_monitor.Frames], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, Result]:
    """The three monitors, built once."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("own") / "project", frames)
    file = "models/staging/{0}/_{0}.yml"
    for name in frames:
        project.replace(file.format(name), ", config: {meta: {role: join_key}}}", "}")
    score = "      - {name: score, data_type: *double, config: {meta: {role: score, min: 0, max: 1}}}\n"
    own = file.format("arms")
    project.replace(own, "segments: [country]", "segments: [country, arm]" + METRICS)
    text = project.read(own)
    extra = (
        "      - {name: shadow, data_type: *double, config: {meta: {role: shadow_score}}}\n"
        "      - {name: arm, data_type: string, config: {meta: {role: treatment, shares: {control: 0.8, candidate: 0.2}}}}\n"
    )
    project.write(own, text.replace(score, score + extra, 1))
    project.write("macros/ml_metric__flagged.sql", MACRO)
    own = file.format("classes")
    scores = "".join(
        f"      - {{name: p_{name}, data_type: *double, config: {{meta: {{role: class_score, of: {name}}}}}}}\n"
        for name in CLASSES
    )
    text = project.read(own).replace(score, scores, 1).replace("task: binary", "task: multiclass")
    text = text.replace("      - {name: score, data_type: *double}\n", "")
    project.write(own, text.replace("prediction, data_type: int", "prediction, data_type: string"))
    project.replace(own, "label, data_type: int", "label, data_type: string")
    own = file.format("minutes")
    rival = "      - {name: rival, data_type: *double, config: {meta: {role: shadow_prediction}}}\n"
    text = project.read(own).replace(score, score + rival, 1).replace("task: binary", "task: regression")
    text = text.replace("prediction, data_type: int", "prediction, data_type: *double")
    project.write(own, text.replace("label, data_type: int", "label, data_type: *double"))
    result = project.dbt("build", "--exclude-resource-type", "unit_test", check=1)
    return project, result


def labelled(frames: tiny_monitor.Frames) -> pd.DataFrame:
    """Predictions with their label, known by the end, with the day of the prediction."""
    labels = frames["labels"]
    known = labels.loc[labels["ingest_time"] < END, ["prediction_id", "label"]]
    rows = frames["inferences"].merge(known, on="prediction_id")
    return rows.assign(day=rows["event_time"].dt.floor("D"))


def daily(project: Project, name: str, where: str = TOTALS) -> pd.DataFrame:
    """The measures of each day."""
    return project.frame(
        f"select * from {name}__performance_metrics where window_grain = 'day' and compared_segment is null and {where}"
    )


def test_metrics_of_your_own_are_those_of_pandas(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    rows = labelled(frames["arms"])
    rows["top"] = rows["amount"] * rows["label"] * (1 - rows["prediction"])
    for where, own in (
        (TOTALS, rows),
        ("segment_value = 'fr' and model_version = '__all__'", rows[rows["country"] == "fr"]),
    ):
        found = daily(built[0], "arms", where)
        compared = 0
        for day, window in own.groupby("day"):
            values = found[found["window_start"] == day].set_index("metric_name")
            missed = window["top"].mean()
            assert values.loc["missed_amount", "value"] == pytest.approx(missed)
            assert values.loc["missed_amount", "sample_rows"] == len(window)
            assert values.loc["flagged", "value"] == pytest.approx(window["prediction"].mean())
            # Rows without a numerator do not count, in the denominator either.
            called = window[window["prediction"] == 1]
            cost = called["amount"].sum() / (called["label"] + 0.5).sum() if len(called) else np.nan
            assert values.loc["cost_per_hit", "value"] == pytest.approx(cost, nan_ok=True)
            assert values.loc["cost_per_hit", "sample_rows"] == len(called)
            net = 3 * missed - cost / missed if missed else np.nan
            assert values.loc["net", "value"] == pytest.approx(net, nan_ok=True)
            assert pd.isna(values.loc["net", "value_low"])
            compared += 1
        assert compared >= 32


def test_the_interval_of_a_ratio_is_that_of_its_residuals(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    """Cochran's standard error, and how often the interval covers the ratio of all days."""
    rows = labelled(frames["arms"])
    called = rows[rows["prediction"] == 1].assign(bottom=lambda frame: frame["label"] + 0.5)
    truth = called["amount"].sum() / called["bottom"].sum()
    found = daily(built[0], "arms").query("metric_name == 'cost_per_hit' and value_low.notna()")
    assert len(found) > 20
    for line in found.itertuples():
        own = called[called["day"] == line.window_start]
        residuals = own["amount"] - line.value * own["bottom"]
        error = (
            np.sqrt((residuals**2).mean()) / own["bottom"].mean() / np.sqrt(len(own)) * (1 + 3.5 / len(own))
        )
        assert line.value_high - line.value == pytest.approx(3.290526731491926 * error)
    covered = (found["value_low"] <= truth) & (truth <= found["value_high"])
    assert covered.mean() > 0.95


def test_a_metric_of_your_own_can_be_judged_against_its_baseline(built: tuple[Project, Result]) -> None:
    project = built[0]
    line = project.frame(
        f"""select * from arms__performance_metrics where {TOTALS} and metric_name = 'missed_amount' and window_grain = 'day'
        and not is_in_baseline order by window_start limit 1"""
    ).iloc[0]
    assert line["ratio"] == pytest.approx(line["value"] / line["baseline_value"])
    assert line["ratio_low"] < line["ratio"] < line["ratio_high"]
    assert {"metric_missed_amount_sum", "metric_flagged_count"} <= set(
        project.frame("select * from arms__performance limit 0")
    )
    rows = project.query(
        "select metric, count(*) from arms__metrics "
        "where metric in ('missed_amount_ratio', 'flagged_ratio', 'cost_per_hit_change', 'net') group by 1"
    )
    assert len(rows) == 4


def test_a_challenger_is_compared_on_the_same_rows(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    for name in ("arms", "minutes"):
        rows = labelled(frames[name])
        if name == "arms":
            rows = rows[rows["shadow"].notna()]
            gain = ((rows["shadow"] >= 0.5).astype(int) == rows["label"]).astype(int) - (
                rows["prediction"] == rows["label"]
            ).astype(int)
        else:
            rows = rows[np.isfinite(rows["rival"])]
            gain = (rows["label"] - rows["prediction"]).abs() - (rows["label"] - rows["rival"]).abs()
        found = daily(built[0], name).query("metric_name == 'shadow_gain'").set_index("window_start")
        for day, own in gain.groupby(rows["day"]):
            line, n = found.loc[day], len(own)
            assert line["value"] == pytest.approx(own.mean(), abs=1e-9)
            assert line["sample_rows"] == n
            if name == "arms":
                # McNemar: only rows where one alone is right, with half a row more in each of the four cells.
                error = np.sqrt((own != 0).sum() + 1 - own.sum() ** 2 / (n + 2)) / (n + 2)
            else:
                error = own.std(ddof=0) * (1 + 3.5 / n) / np.sqrt(n)
            if n >= 30:
                assert line["value_high"] - line["value"] == pytest.approx(3.290526731491926 * error)


def test_an_arm_that_does_not_get_its_share_fails_the_quality_gate(built: tuple[Project, Result]) -> None:
    project = built[0]
    found = project.frame(
        "select window_start, status, value, message from arms__checks where metric = 'sample_ratio_difference'"
    ).set_index("window_start")
    assert found.loc[FAULTY, "status"] == "fail"
    assert found.loc[FAULTY, "value"] == pytest.approx(0.1, abs=0.04)
    assert "sample ratio mismatch" in found.loc[FAULTY, "message"]
    assert set(found.drop(FAULTY)["status"]) == {"pass"}


def test_a_slow_service_fails_and_its_usual_days_do_not(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    project = built[0]
    found = project.frame(
        "select window_start, metric, status, value from arms__checks where metric = 'latency_p95_ratio'"
    )
    line = found.set_index("window_start")
    assert line.loc[FAULTY, "status"] == "fail"
    assert set(line.drop(FAULTY)["status"]) == {"pass"}
    rows = frames["arms"]["inferences"]
    own = rows.loc[tiny_monitor.on(rows, FAULTY, FAULTY + DAY), "latency_ms"]
    values = project.query(
        f"""select latency_p50, latency_p95, latency_p99 from arms__window_metrics where metric_group = 'volume'
        and window_grain = 'day' and segment_name = '__all__' and window_start = timestamp '{FAULTY}'"""
    )[0]
    assert values == pytest.approx(own.quantile([0.5, 0.95, 0.99]).tolist(), rel=0.04)


def test_class_scores_have_the_measures_of_scikit_learn(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    rows = labelled(frames["classes"])
    scores = rows[[f"p_{name}" for name in CLASSES]].to_numpy()
    valid = ((scores >= 0) & (scores <= 1)).all(axis=1) & (np.abs(scores.sum(axis=1) - 1) <= 0.01)
    known = valid & rows["label"].isin(CLASSES).to_numpy()
    found = daily(built[0], "classes")
    compared = 0
    for day in sorted(rows["day"].unique()):
        here = (rows["day"] == day).to_numpy()
        own, label = scores[here & known], rows.loc[here & known, "label"]
        values = found[found["window_start"] == day].set_index("metric_name")
        assert values.loc["log_loss", "sample_rows"] == (here & known).sum()
        assert values.loc["log_loss", "value"] == pytest.approx(
            -np.log(own[np.arange(len(label)), label.map(CLASSES.index)]).mean()
        )
        for k in (2, 3):
            top = skl.top_k_accuracy_score(label, own, k=k, labels=CLASSES)
            assert values.loc[f"top_{k}_accuracy", "value"] == pytest.approx(top)
        # One-against-rest over all rows whose scores are valid, a class that nobody has seen included.
        area = [
            skl.roc_auc_score(rows.loc[here & valid, "label"] == name, scores[here & valid, place])
            for place, name in enumerate(CLASSES)
            if (rows.loc[here & valid, "label"] == name).any()
        ]
        assert values.loc["auc", "value"] == pytest.approx(np.mean(area), abs=1e-3)
        assert values.loc["auc", "value_low"] < np.mean(area) < values.loc["auc", "value_high"]
        compared += 1
    assert compared >= 32


def test_class_scores_estimate_the_accuracy_before_the_labels_come(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    """By predicted class and twentieth of its score, as often right as in the 28 days of the baseline."""
    rows = frames["classes"]["inferences"]
    scores = rows[[f"p_{name}" for name in CLASSES]].to_numpy()
    valid = ((scores >= 0) & (scores <= 1)).all(axis=1) & (np.abs(scores.sum(axis=1) - 1) <= 0.01)
    confidence = scores[np.arange(len(rows)), rows["prediction"].map(CLASSES.index)]
    rows = rows.assign(bin=np.floor(np.floor(40 * np.nan_to_num(confidence)) / 2), valid=valid)
    labels = labelled(frames["classes"])[["prediction_id", "label", "day"]]
    known = rows[rows["valid"]].merge(labels[labels["day"] < START + 28 * DAY], on="prediction_id")
    counts = known.assign(right=known["prediction"] == known["label"]).groupby(["prediction", "bin"])["right"]
    large = counts.mean()[counts.size() >= 50]
    own = rows[tiny_monitor.on(rows) & rows["valid"]]
    own = own[[key in large.index for key in zip(own["prediction"], own["bin"], strict=True)]]
    expected = large.loc[list(zip(own["prediction"], own["bin"], strict=True))]
    found = daily(built[0], "classes").query("metric_name == 'accuracy'").set_index("window_start")
    line = found.loc[tiny_monitor.LAST_DAY]
    # Bins of fewer labels are pooled with their neighbours, which this test leaves out.
    assert line["estimated_rows"] >= len(own) > 0.9 * line["estimated_rows"]
    assert line["estimated_value"] == pytest.approx(expected.mean(), abs=0.02)
    assert line["estimated_low"] < line["estimated_value"] < line["estimated_high"]
    errors = (found["estimated_value"] - found["value"]).abs()
    assert errors.iloc[28:32].max() < 0.1


def test_quantiles_of_errors_are_those_of_rows(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result]
) -> None:
    rows = labelled(frames["minutes"])
    error = (rows["label"] - rows["prediction"]).abs()
    found = daily(built[0], "minutes")
    for day, own in error.groupby(rows["day"]):
        values = found[found["window_start"] == day].set_index("metric_name")["value"]
        for metric, share in {
            "median_absolute_error": 0.5,
            "absolute_error_p90": 0.9,
            "absolute_error_p99": 0.99,
        }.items():
            exact = np.quantile(own, share, method="inverted_cdf")
            assert values[metric] == pytest.approx(exact, rel=0.05, abs=0.05), (day, metric)


def test_accuracy_has_bounds_for_the_labels_that_are_missing(built: tuple[Project, Result]) -> None:
    found = built[0].frame(f"select * from arms__performance where {TOTALS} and window_grain = 'day'")
    assert ((found["accuracy_from"] <= found["accuracy"]) & (found["accuracy"] <= found["accuracy_to"])).all()
    width = found["accuracy_to"] - found["accuracy_from"]
    assert width.tolist() == pytest.approx((1 - found["label_coverage"]).tolist())
    # Labels are missing at random here: reweighting changes little, and the gate says nothing of it.
    mature = found[found["is_mature"]]
    assert (mature["reweighted_accuracy"] - mature["accuracy"]).abs().max() < 0.01


def test_a_change_of_a_metric_computes_its_old_windows_again(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, Result], tmp_path: Path
) -> None:
    project = built[0].copy_to(tmp_path / "project")
    project.replace("macros/ml_metric__flagged.sql", "'prediction'", "'1 - prediction'")
    project.replace("models/staging/arms/_arms.yml", "name: net,", "name: net_cost,")
    project.dbt("run", "--select", "+arms__performance_metrics", check=0)
    found = daily(project, "arms").pivot_table("value", "window_start", "metric_name")
    before = daily(built[0], "arms").pivot_table("value", "window_start", "metric_name")
    assert found["flagged"].tolist() == pytest.approx((1 - before["flagged"]).tolist())
    assert found["net_cost"].tolist() == pytest.approx(before["net"].tolist())
    assert "net" not in found


def test_a_metric_that_cannot_be_is_refused_before_any_sql(
    built: tuple[Project, Result], tmp_path: Path
) -> None:
    project = built[0].copy_to(tmp_path / "project")
    project.replace("macros/ml_metric__flagged.sql", "'unit': 'share of rows'", "'unti': 'share of rows'")
    output = project.dbt("build", "--select", "arms__performance_metrics").output
    assert "macro ml_metric__flagged.unti" in output
    project.replace("macros/ml_metric__flagged.sql", "'unti': 'share of rows', ", "")
    project.replace("models/staging/arms/_arms.yml", "name: net,", "name: recall,")
    output = project.dbt("build", "--select", "arms__performance_metrics").output
    assert "recall, which another metric is named" in output
    assert "no SQL was run" in output

"""Performance against NannyML and Fairlearn on NannyML's data: realised and estimated per chunk, fairness on the same rows.

Each chunk is a day of a monitor; the chunks of the reference are its serving baseline. The tables of ``docs/crosswalk.md``
are compared with what is measured.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import ROOT, Project
from peers import peer_performance

BASELINE_DAYS = 10
SETS = {
    name: {
        "chunk": chunk,
        "chunks_of_reference": BASELINE_DAYS,
        "chunks_of_analysis": 20,
        "chunks_of_fairness": 28,
    }
    for name, chunk in {"census": 5000, "housing": 500, "loans": 5000}.items()
}
EXACT = ["accuracy", "precision", "recall", "specificity", "f1"]
DAY = pd.Timedelta(days=1)
START = tiny_monitor.START


def monitor_of(rows: pd.DataFrame, chunk: int) -> tiny_monitor.Frames:
    """The raw tables of a monitor that has these rows, a chunk each day; the features are noise."""
    random = np.random.default_rng(1)
    within = rows.groupby("chunk").cumcount()
    times = START + rows["chunk"] * DAY + pd.to_timedelta(within * 80_000 / chunk, unit="s")
    times = times.astype("datetime64[us]")
    frame = tiny_monitor.features(random, len(rows), 70.0)
    frame["country"] = rows["group"].to_numpy()
    frame["score"], frame["prediction"] = (
        rows["score"].to_numpy(),
        rows["prediction"].astype("int32").to_numpy(),
    )
    frame.insert(0, "prediction_id", [f"p{number}" for number in range(len(rows))])
    frame.insert(1, "event_time", times.to_numpy())
    frame.insert(2, "ingest_time", times.to_numpy())
    frame.insert(3, "model_version", "v1")
    frame["customer_id"], frame["latency_ms"], frame["status"] = np.int32(1), 20.0, "ok"
    labels = pd.DataFrame({"prediction_id": frame["prediction_id"], "label": rows["label"].astype("int32")})
    labels["label_time"] = labels["ingest_time"] = times.to_numpy()
    return {"inferences": frame, "labels": labels}


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What NannyML and Fairlearn say, and where the rows are."""
    folder = tmp_path_factory.mktemp("peers")
    return peer_performance(folder, SETS) | {"folder": folder}


@pytest.fixture(scope="module")
def ours(theirs: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A monitor of each data set."""
    rows = {name: pd.read_parquet(theirs["folder"] / f"{name}.parquet") for name in SETS}
    frames = {name: monitor_of(rows[name], SETS[name]["chunk"]) for name in SETS}
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("ours") / "project", frames)
    project.append("dbt_project.yml", f"  ml_baseline_days: {BASELINE_DAYS}\n")
    for name in SETS:
        file = f"models/staging/{name}/_{name}.yml"
        project.replace(file, ", config: {meta: {role: join_key}}}", "}")
        groups = ", ".join(f"'{value}'" for value in sorted(rows[name]["group"].unique()))
        project.replace(file, "accepted_values: [de, fr, it, nl]", f"accepted_values: [{groups}]")
        project.replace(file, "segments: [country]", "segments: [country]\n          protected: [country]")
    selected = [f"+{name}__performance_metrics" for name in SETS]
    project.dbt("build", "--exclude-resource-type", "test", "unit_test", "--select", *selected, check=0)
    return project


def end_of(project: Project, name: str) -> pd.Timestamp:
    """The end of the day of the last chunk; the monitor goes on without rows."""
    last = project.value(f"select max(event_time) from {name}__inferences")
    return pd.Timestamp(last).floor("D") + DAY


def daily(project: Project, name: str) -> pd.DataFrame:
    """The measures of each day over all rows, by the number of its chunk."""
    frame = project.frame(
        f"""select * from {name}__performance_metrics where window_grain = 'day' and segment_name = '__all__'
        and model_version = '__all__' and compared_segment is null
        and window_end <= timestamp '{end_of(project, name)}' order by window_start"""
    )
    return frame.assign(chunk=(frame["window_start"] - START).dt.days).set_index(["metric_name", "chunk"])


@pytest.mark.parametrize("name", SETS)
def test_realised_performance_is_that_of_nannyml(theirs: dict[str, Any], ours: Project, name: str) -> None:
    found, realised = daily(ours, name), theirs["sets"][name]["realised"]
    for metric in EXACT:
        values = found.loc[metric]["value"]
        # NannyML has no value where only one class is predicted; ours has those that are defined.
        known = ~np.isnan(realised[metric])
        assert known.sum() >= BASELINE_DAYS + 10
        assert values[known].tolist() == pytest.approx(
            np.array(realised[metric])[known].tolist(), abs=1e-9
        ), metric
        assert len(values) >= BASELINE_DAYS + 10
    # Rows of one score cell are ties in ours; of 500 rows a handful of pairs.
    tolerance = 1e-3 if SETS[name]["chunk"] >= 5000 else 2e-3
    assert found.loc["auc"]["value"].tolist() == pytest.approx(realised["roc_auc"], abs=tolerance)
    average = found.loc["average_precision"]
    assert average["value"].tolist() == pytest.approx(realised["average_precision"], abs=0.02)
    assert (average["value_low"] <= realised["average_precision"]).all()
    assert (average["value_high"] >= realised["average_precision"]).all()


def errors(theirs: dict[str, Any], ours: Project) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Mean absolute error against the realised value: of our estimate, of CBPE, of assuming the baseline."""
    table = {}
    for name in SETS:
        found, answer = daily(ours, name), theirs["sets"][name]
        for metric in EXACT:
            rows = found.loc[metric].loc[BASELINE_DAYS:]
            realised = np.array(answer["realised"][metric])[BASELINE_DAYS:]
            guesses = (rows["estimated_value"], answer["estimated"][metric], rows["baseline_value"])
            table[name, metric] = tuple(np.nanmean(np.abs(np.array(guess) - realised)) for guess in guesses)
    return table


def test_estimates_are_as_good_as_those_of_nannyml(theirs: dict[str, Any], ours: Project) -> None:
    table = errors(theirs, ours)
    for name in SETS:
        own, cbpe, assumed = table[name, "accuracy"]
        assert own <= cbpe + 0.001, (name, own, cbpe)
        assert own < assumed, (name, own, assumed)
    lines = [
        f"| {name} | `{metric}` | {own:.4f} | {cbpe:.4f} | {assumed:.4f} |"
        for (name, metric), (own, cbpe, assumed) in table.items()
    ]
    page = (ROOT / "docs/crosswalk.md").read_text(encoding="utf-8")
    head = "| data set | measure | ml_monitor | CBPE | baseline assumed |\n|---|---|---|---|---|\n"
    assert head in page, "\n".join(lines)
    assert page.split(head)[1].split("\n\n")[0].splitlines() == lines, "\n".join(lines)


@pytest.mark.parametrize("name", SETS)
def test_fairness_is_that_of_fairlearn(theirs: dict[str, Any], ours: Project, name: str) -> None:
    """Over the first 28 days."""
    found = ours.frame(
        f"""select metric_name, value from {name}__performance_metrics where compared_segment = 'country'
        and model_version = '__all__' and window_grain = '28_days'
        and window_start = timestamp '{START}'"""
    )
    assert found.set_index("metric_name")["value"].to_dict() == pytest.approx(
        theirs["sets"][name]["fairness"], abs=1e-9
    )

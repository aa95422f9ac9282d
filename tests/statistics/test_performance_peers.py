"""Performance and fairness against NannyML and Fairlearn, on the data sets that NannyML brings along.

Each of NannyML's chunks is a day of a monitor, and the chunks of its reference are the days of the serving baseline. The other
tools run in an environment of their own; the tables of ``docs/crosswalk.md`` are compared with what is measured here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, Project
from peer_tools.environment import PeersError
from peers import peer_performance

PAGE = ROOT / "docs" / "crosswalk.md"
START = pd.Timestamp("2025-01-01")
DAY = pd.Timedelta(days=1)
SETS = ["census", "housing", "loans"]
# Of counts, and so the same to the last digit; those of ranks are from score cells.
OF_COUNTS = ["accuracy", "precision", "recall", "specificity", "f1"]
OF_RANKS = {"auc": "roc_auc", "average_precision": "average_precision"}
# Few positive predictions a month, of which hardly any is wrong: neither estimate beats the value of the reference, and within
# one of our 20 bins of the score the share of positives rises.
FALLS_SHORT = {("housing", "precision")}
TOTALS = "model_version = '__all__' and segment_name = '__all__'"
# First and last chunk of the baseline and of the last 28 days: groups are compared over them.
WINDOWS = {"census": [(0, 13), (28, 55)], "loans": [(0, 9)]}
SEGMENTS: dict[str, list[list[str]]] = {
    "census": [["sex"], ["race"], ["sex", "marital_status"]],
    "housing": [],
    "loans": [["salary_range"], ["repaid_before"]],
}
STAGING = """
models:
  - name: stg_NAME__inferences
    config:
      contract: {enforced: true}
      meta:
        ml_monitor:
          task: binary
          owner: peers@example.com
          segments: SEGMENTS
          protected: PROTECTED
    columns:
      - {name: prediction_id, data_type: string, config: {meta: {role: prediction_id}}}
      - {name: event_time, data_type: timestamp, config: {meta: {role: event_time}}}
      - {name: score, data_type: double, config: {meta: {role: score, min: 0, max: 1}}}
      - {name: prediction, data_type: bigint, config: {meta: {role: prediction}}}
GROUPS
  - name: stg_NAME__labels
    config: {contract: {enforced: true}}
    columns:
      - {name: prediction_id, data_type: string, config: {meta: {role: prediction_id}}}
      - {name: label, data_type: bigint, config: {meta: {role: label}}}
      - {name: label_time, data_type: timestamp, config: {meta: {role: label_time}}}
"""


def groups_of(name: str) -> list[str]:
    """The columns of the segments of a set."""
    return list(dict.fromkeys(column for segment in SEGMENTS[name] for column in segment))


@dataclass
class Measured:
    """What we say, and what they say."""

    project: Project
    answers: dict[str, Any]
    kept: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict)

    def theirs(self, name: str) -> dict[str, Any]:
        """What NannyML and Fairlearn say of a set."""
        return self.answers["sets"][name]

    def metrics(self, name: str, grain: str = "day") -> pd.DataFrame:
        """Our measures of all rows, by metric and chunk; read once, since they are a view."""
        if (name, grain) not in self.kept:
            frame = self.project.frame(
                f"""select * from {name}__performance_metrics
                where {TOTALS} and compared_segment is null and window_grain = '{grain}'"""
            )
            frame["chunk"] = (frame["window_start"] - START).dt.days
            # The day after the last chunk, on which its labels become mature, has no rows.
            frame = frame[frame["chunk"] < len(self.theirs(name)["realised"]["accuracy"])]
            self.kept[name, grain] = frame.set_index(["metric_name", "chunk"]).sort_index()
        return self.kept[name, grain]

    def days(self, name: str, metric: str, column: str, of: str = "all") -> np.ndarray:
        """One column of a metric by chunk: of all, or of the analysis alone."""
        first = self.theirs(name)["reference_chunks"] if of == "analysis" else 0
        return self.metrics(name).loc[metric][column].loc[first:].to_numpy(dtype=float)

    def exact(self, name: str) -> pd.DataFrame:
        """AUC and average precision of each chunk from single rows."""
        return self.project.frame(f"select * from {name}_exact order by window_start")

    def errors(self, name: str, metric: str) -> tuple[int, float, float, float]:
        """Chunks, and the mean absolute error of our estimate, of CBPE and of the value of the reference."""
        theirs, first = self.theirs(name), self.theirs(name)["reference_chunks"]
        realised = np.array(theirs["realised"][metric], dtype=float)[first:]
        guesses = [
            self.days(name, metric, "estimated_value", "analysis"),
            np.array(theirs["estimated"][metric], dtype=float),
            np.full(len(realised), theirs["reference"][metric]),
        ]
        # Undefined, as the precision of a month in which nothing was predicted positive, there is nothing to compare with.
        known = ~np.isnan(realised)
        return int(known.sum()), *(float(np.abs(guess - realised)[known].mean()) for guess in guesses)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """The sets through NannyML and Fairlearn, and through a monitor each."""
    folder = tmp_path_factory.mktemp("rows")
    fairness = {name: {"groups": SEGMENTS[name], "windows": windows} for name, windows in WINDOWS.items()}
    try:
        answers = peer_performance(folder, fairness)
    except PeersError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    project = Project(tmp_path_factory.mktemp("ours") / "project")
    project.keep_only({name: ["labels"] for name in SETS})
    for name in SETS:
        rows = pd.read_parquet(folder / f"{name}.parquet")
        add_monitor(project, name, rows)
    for name in SETS:
        theirs = answers["sets"][name]
        chunks = len(theirs["realised"]["accuracy"])
        project.dbt(
            "build",
            "--exclude-resource-type",
            "test",
            "unit_test",
            "--select",
            f"+{name}__performance_metrics",
            f"+{name}_exact",
            env={"ML_AS_OF": str(START + (chunks + 1) * DAY)},
            vars={"ml_baseline_days": theirs["reference_chunks"]},
            check=0,
        )
    return Measured(project, answers)


def add_monitor(project: Project, name: str, rows: pd.DataFrame) -> None:
    """Write raw tables, staging and models of a monitor that has these rows, a chunk each day."""
    within = rows.groupby("chunk").cumcount() / rows.groupby("chunk")["id"].transform("size")
    times = START + pd.to_timedelta(rows["chunk"] + 0.99 * within, unit="D")
    rows = rows.assign(prediction_id=rows["id"].astype(str), event_time=times, label_time=times)
    folder = project.raw / name
    folder.mkdir(parents=True)
    tables = {
        "inferences": ["prediction_id", "event_time", "score", "prediction", *groups_of(name)],
        "labels": ["prediction_id", "label", "label_time"],
    }
    for table, columns in tables.items():
        path = folder / f"{table}.parquet"
        rows[columns].to_parquet(path, index=False, coerce_timestamps="us", allow_truncated_timestamps=True)
        sql = f"select {', '.join(columns)} from read_parquet('{path}')\n"
        project.write(f"models/staging/{name}/stg_{name}__{table}.sql", sql)
    groups = "".join(
        f"      - {{name: {group}, data_type: string, config: {{meta: {{role: feature}}}}}}\n"
        for group in groups_of(name)
    )
    yaml = STAGING.replace("NAME", name).replace("GROUPS\n", groups)
    segments = [one[0] if len(one) == 1 else one for one in SEGMENTS[name]]
    yaml = yaml.replace("SEGMENTS", str(segments)).replace("PROTECTED", str(groups_of(name)))
    project.write(f"models/staging/{name}/_{name}.yml", yaml.strip() + "\n")
    project.scaffold(name, ["labels"])
    exact = f"{{{{ config(materialized='table') }}}}\n{{{{ ml_monitor.exact_ranking('{name}') }}}}\n"
    project.write(f"models/consumers/{name}_exact.sql", exact)


@pytest.mark.parametrize("name", SETS)
def test_realised_performance_is_that_of_nannyml(measured: Measured, name: str) -> None:
    theirs = measured.theirs(name)
    for metric in OF_COUNTS:
        ours, realised = measured.days(name, metric, "value"), np.array(theirs["realised"][metric], float)
        # NannyML has no value of a chunk in which nothing was predicted positive; its recall is 0, as scikit-learn has it.
        none_called = np.isnan(realised)
        assert none_called.sum() == (
            2 if name == "housing" and metric in ("precision", "recall", "f1") else 0
        )
        realised[none_called] = np.nan if metric == "precision" else 0.0
        assert ours.tolist() == pytest.approx(realised.tolist(), abs=1e-9, nan_ok=True), metric
        base = measured.metrics(name, "baseline").loc[metric]["value"].tolist()
        assert base == pytest.approx([theirs["reference"][metric]], abs=1e-9), metric
    exact, metrics = measured.exact(name), measured.metrics(name)
    for metric, of_nannyml in OF_RANKS.items():
        assert exact[metric].tolist() == pytest.approx(theirs["realised"][of_nannyml], abs=1e-9), metric
        bounds = metrics.loc[metric]
        assert (bounds["value_low"] <= exact[metric].to_numpy()).all()
        assert (bounds["value_high"] >= exact[metric].to_numpy()).all()


def realised_table(measured: Measured) -> list[str]:
    """How far ours are from NannyML's realised performance, at most."""
    lines = [
        "| data set | chunks | of counts | `auc` from cells | `average_precision` from cells | both by `exact_ranking` |",
        "|---|---|---|---|---|---|",
    ]
    for name in SETS:
        realised = measured.theirs(name)["realised"]
        exact = measured.exact(name)

        def furthest(ours: dict[str, Any], names: dict[str, str], of: dict[str, Any] = realised) -> str:
            worst = max(
                float(np.nanmax(np.abs(ours[one] - np.array(of[names[one]], float)))) for one in names
            )
            return f"{worst:.5f}" if worst > 1e-9 else "0"

        daily = {one: measured.days(name, one, "value") for one in [*OF_COUNTS, *OF_RANKS]}
        cells = [furthest(daily, {one: their}) for one, their in OF_RANKS.items()]
        counts = furthest(daily, {one: one for one in OF_COUNTS})
        by_rows = furthest({one: exact[one].to_numpy() for one in OF_RANKS}, OF_RANKS)
        chunks = len(realised["accuracy"])
        lines.append(f"| {name} | {chunks} | {counts} | {cells[0]} | {cells[1]} | {by_rows} |")
    return lines


@pytest.mark.parametrize("metric", OF_COUNTS)
@pytest.mark.parametrize("name", SETS)
def test_the_estimate_is_as_good_as_that_of_nannyml(measured: Measured, name: str, metric: str) -> None:
    chunks, ours, cbpe, assumed = measured.errors(name, metric)
    assert chunks >= 10
    if (name, metric) in FALLS_SHORT:
        # What is listed must still be so.
        assert cbpe + 0.001 < ours < cbpe + 0.0025, (ours, cbpe)
        assert assumed < min(ours, cbpe), (ours, cbpe, assumed)
    else:
        assert ours <= cbpe + 0.001, (ours, cbpe)
        assert ours < assumed, (ours, assumed)


def estimates_table(measured: Measured) -> list[str]:
    """Mean absolute errors of what is expected without labels."""
    lines = [
        "| data set | measure | chunks | ours | CBPE | the reference assumed |",
        "|---|---|---|---|---|---|",
    ]
    for name in SETS:
        for metric in OF_COUNTS:
            chunks, *errors = measured.errors(name, metric)
            numbers = " | ".join(f"{error:.4f}" for error in errors)
            lines.append(f"| {name} | `{metric}` | {chunks} | {numbers} |")
    return lines


def our_fairness(measured: Measured, name: str, asked: dict[str, Any]) -> pd.DataFrame:
    """Our measures of fairness of the segment and the window that Fairlearn was asked for."""
    grain = "baseline" if asked["last"] + 1 == measured.theirs(name)["reference_chunks"] else "28_days"
    segment = " * ".join(asked["groups"])
    frame = measured.project.frame(
        f"""select * from {name}__performance_metrics where {TOTALS} and compared_segment = '{segment}'
        and window_grain = '{grain}' and window_end = timestamp '{START + (asked["last"] + 1) * DAY}'"""
    ).set_index("metric_name")
    first = max(START, frame["window_start"].iloc[0])
    assert first == START + asked["first"] * DAY, "another window"
    return frame


@pytest.mark.parametrize("name", WINDOWS)
def test_fairness_is_that_of_fairlearn(measured: Measured, name: str) -> None:
    compared = measured.theirs(name)["fairness"]
    assert len(compared) == len(SEGMENTS[name]) * len(WINDOWS[name])
    for asked in compared:
        ours = our_fairness(measured, name, asked)
        assert ours["value"].to_dict() == pytest.approx(asked["values"], abs=1e-9), asked["groups"]
        for measure, small in asked["small"].items():
            said = ours.loc[measure, "compared_groups"].partition("; too few rows: ")[2]
            assert set(filter(None, said.split(", "))) <= set(small), measure
            assert bool(said) == bool(small) or measure == "equalized_odds_difference", measure


def fairness_table(measured: Measured) -> list[str]:
    """Where groups have too few rows: our value, and that of Fairlearn without these groups and with them."""
    lines = [
        "| measure | too few rows | ours | Fairlearn without them | Fairlearn with them |",
        "|---|---|---|---|---|",
    ]
    (asked,) = [
        one
        for one in measured.theirs("census")["fairness"]
        if one["groups"] == ["race"] and one["first"] == WINDOWS["census"][-1][0]
    ]
    ours = our_fairness(measured, "census", asked)
    for measure, small in asked["small"].items():
        numbers = [ours.loc[measure, "value"], asked["values"][measure], asked["all"][measure]]
        texts = " | ".join(f"{number:.4f}" for number in numbers)
        lines.append(f"| `{measure}` | {', '.join(small) or 'none'} | {texts} |")
    return lines


@pytest.mark.parametrize(
    ("mark", "table"),
    [("realised", realised_table), ("estimates", estimates_table), ("fairness", fairness_table)],
)
def test_the_tables_of_the_page_are_what_is_measured(
    measured: Measured, mark: str, table: Callable[[Measured], list[str]]
) -> None:
    parts = PAGE.read_text(encoding="utf-8").split(f"<!-- {mark} -->\n")
    expected = "\n".join(table(measured)) + "\n"
    found = parts[1] if len(parts) == 3 else ""
    assert found == expected, f"between the marks '{mark}' of {PAGE.name} should be:\n{expected}"


def test_the_page_names_the_versions(measured: Measured) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for tool, version in measured.answers["versions"].items():
        assert f"{tool} {version}" in page.lower()
        assert f"{tool}=={version}\n" in (ROOT / "requirements-peers.txt").read_text(encoding="utf-8")

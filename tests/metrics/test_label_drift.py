"""Label drift: every day's PSI worked out again from the raw labels, a mix that changed, and runs that add up to one."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import differences
from conftest import Project
from oracle import Psi, category_counts, edges_of, min_detectable, numeric_counts, psi_of_counts

DAY = pd.Timedelta(days=1)
END, START = tiny_monitor.END, tiny_monitor.START
# The last day whose labels have had their 24 hours.
CHANGED = tiny_monitor.LAST_DAY - DAY
LATE_DAY = START + 3 * DAY
BASELINE = [START + day * DAY for day in range(28)]
MONITORS = ["flags", "classes", "minutes"]
KINDS = {"classes": ("multiclass", "string"), "minutes": ("regression", "*double")}
TOTALS = "model_version = '__all__' and segment_name = '__all__' and window_grain = 'day'"
SELECTED = ["--select", *(f"+{name}__performance" for name in MONITORS)]


def labelled_frames(name: str) -> tiny_monitor.Frames:
    """Healthy rows, whose labels are another mix on one day; some labels of a day of the baseline come a month late."""
    frames = tiny_monitor.generate(rows_per_day=600, seed=11)
    random = np.random.default_rng(5)
    rows, labels, reference = frames["inferences"], frames["labels"], frames["reference"]
    day = labels["prediction_id"].map(rows.set_index("prediction_id")["event_time"]).dt.floor("D")
    changed = day == CHANGED
    if name == "flags":
        labels.loc[changed, "label"] = (random.random(changed.sum()) < 0.5).astype("int32")
    elif name == "classes":
        for frame in (rows, reference):
            frame["prediction"] = random.choice(["a", "b", "c"], len(frame))
        reference["label"] = "a"
        # A class of a few, and one that nobody has seen before.
        labels["label"] = random.choice(["a", "b", "c", "rare"], len(labels), p=[0.5, 0.3, 0.195, 0.005])
        labels.loc[changed, "label"] = random.choice(["a", "b", "new"], changed.sum(), p=[0.4, 0.2, 0.4])
    else:
        for frame in (rows, reference):
            frame["prediction"] = (60 + 20 * random.standard_normal(len(frame))).round(3)
        reference["label"] = 0.0
        predicted = labels["prediction_id"].map(rows.set_index("prediction_id")["prediction"])
        labels["label"] = (predicted + 5 * random.standard_normal(len(labels))).round(3)
        labels.loc[changed, "label"] += 15
        labels.loc[labels.index[::97], "label"] = float("nan")
    late = labels.index[day == LATE_DAY][::9]
    labels.loc[late, "ingest_time"] = END - pd.Timedelta(hours=12)
    return frames


@pytest.fixture(scope="module")
def frames() -> dict[str, tiny_monitor.Frames]:
    """A monitor of each task."""
    return {name: labelled_frames(name) for name in MONITORS}


def batches(project: Project) -> dict[str, pd.Series]:
    """The newest batch that each day of each monitor was written with."""
    return {
        name: project.frame(
            f"select window_start, ml_batch, labels_batch from {name}__performance where {TOTALS}"
        )
        .set_index("window_start")
        .max(axis=1)
        for name in MONITORS
    }


@pytest.fixture(scope="module")
def built(
    frames: dict[str, tiny_monitor.Frames], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, list[dict[str, pd.Series]]]:
    """The monitors built in three runs, and what each run left; the last run finds the late labels."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("label_drift") / "project", frames)
    for name, (task, kind) in KINDS.items():
        file = f"models/staging/{name}/_{name}.yml"
        project.replace(file, "task: binary", f"task: {task}")
        project.replace(file, "prediction, data_type: int", f"prediction, data_type: {kind}")
        project.replace(file, "label, data_type: int", f"label, data_type: {kind}")
    project.replace(
        "models/staging/minutes/_minutes.yml", "role: prediction}", "role: prediction, unit: min}", 1
    )
    left = []
    for hours in (48, 24):
        project.dbt(
            "build",
            *SELECTED,
            "--exclude-resource-type",
            "unit_test",
            "test",
            env={"ML_AS_OF": str(END - pd.Timedelta(hours=hours))},
            check=0,
        )
        left.append(batches(project))
    # What the labels of the changed day are compared with was predicted before they changed.
    result = project.dbt("build", "--exclude-resource-type", "unit_test", check=1)
    assert result.failing_tests == {"flags__gate_performance", "minutes__gate_performance"}
    return project, [*left, batches(project)]


class Oracle:
    """The labels of a monitor, by day of their prediction, and PSI of any day against the baseline without it."""

    def __init__(self, name: str, frames: tiny_monitor.Frames, segment: str | None = None) -> None:
        rows = frames["inferences"][["prediction_id", "event_time", "country"]]
        labels = frames["labels"]
        self.rows = rows.merge(labels[labels["ingest_time"] < END], on="prediction_id")
        if segment:
            self.rows = self.rows[self.rows["country"] == segment]
        self.day = self.rows["event_time"].dt.floor("D")
        self.edges = np.unique(edges_of(frames["reference"]["prediction"], 19)) if name == "minutes" else None
        self.by_day = {day: self.count(self.rows.loc[self.day == day, "label"]) for day in self.day.unique()}

    def count(self, labels: pd.Series) -> Counter:
        return category_counts(labels) if self.edges is None else numeric_counts(labels, self.edges)

    def psi(self, day: pd.Timestamp, days: int = 1) -> Psi:
        """Of a day, or of so many days from it on."""
        inside = [day + number * DAY for number in range(days)]
        reference, current, own = (
            sum((self.by_day[one] for one in chosen), Counter())
            for chosen in (
                [one for one in BASELINE if one not in inside],
                inside,
                [one for one in inside if one in BASELINE],
            )
        )
        return psi_of_counts(reference, current, own=own)

    def baseline_variation(self) -> float:
        return max(0.0, float(np.mean([self.psi(day).excess for day in BASELINE])))


@pytest.mark.parametrize("segment", [None, "de"])
@pytest.mark.parametrize("name", MONITORS)
def test_each_day_is_what_the_raw_labels_say(
    frames: dict[str, tiny_monitor.Frames], built: tuple[Project, object], name: str, segment: str | None
) -> None:
    project, _ = built
    oracle = Oracle(name, frames[name], segment)
    found = project.frame(
        f"""select * from {name}__performance
        where model_version = '__all__' and segment_value = '{segment or "__all__"}' and window_grain <> 'baseline'
        order by window_start"""
    )
    assert (found["window_grain"] == "day").sum() == tiny_monitor.DAYS
    lengths = {"day": 1} if segment else {"day": 1, "7_days": 7, "28_days": 28}
    assert set(found["window_grain"]) == set(lengths)
    baseline_variation = oracle.baseline_variation()
    for row in found.itertuples():
        days = lengths[row.window_grain]
        if set(BASELINE) <= {row.window_start + number * DAY for number in range(days)}:
            assert row.label_psi_reason == "no_baseline"
            continue
        expected = oracle.psi(row.window_start, days)
        assert (row.label_reference_rows, row.label_current_rows, row.label_bin_count) == (
            expected.reference_rows,
            expected.current_rows,
            expected.bin_count,
        )
        assert row.label_psi == pytest.approx(expected.psi, rel=1e-9)
        assert row.label_psi_excess == pytest.approx(expected.excess, rel=1e-9, abs=1e-12)
        assert row.label_psi_noise == pytest.approx(expected.noise, rel=1e-9)
        assert row.label_baseline_variation == pytest.approx(baseline_variation, rel=1e-9, abs=1e-12)
        least = min_detectable(expected, baseline_variation, 28, days)
        assert row.label_min_detectable == pytest.approx(least, rel=1e-6)
        assert row.is_label_drift_detected == (expected.excess > least)
        assert (row.label_baseline_windows, row.is_in_baseline) == (28, row.window_start in BASELINE)
        assert (row.label_psi_reason == "immature_labels") == (row.window_end == END)


def test_a_single_version_has_no_label_drift(built: tuple[Project, object]) -> None:
    project, _ = built
    (row,) = project.query(
        "select count(*), count(label_psi), count(label_psi_reason) from flags__performance where model_version <> '__all__'"
    )
    assert row[0] > 0
    assert row[1:] == (0, 0)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("flags", "share of 1 rose from 29.0 % to 5"),
        ("classes", "share of new rose from 0"),
        ("minutes", " min rose from "),
    ],
)
def test_another_mix_of_labels_warns_and_the_features_are_silent(
    built: tuple[Project, object], name: str, said: str
) -> None:
    project, _ = built
    checks = project.frame(
        f"select * from {name}__checks where metric = 'label_psi' and window_grain = 'day'"
    ).set_index("window_start")
    assert set(checks["baseline"]) == {"serving"}
    row = checks.loc[CHANGED]
    assert (row["status"], row["category"], row["available_at"]) == ("warn", "drift", END)
    assert re.search(rf"{name} drift: label PSI \d\.", row["message"])
    assert said in row["message"], row["message"]
    others = checks.drop(CHANGED)
    assert set(others.loc[others["status"] != "pass", "reason"]) == {"immature_labels"}
    assert checks.loc[tiny_monitor.LAST_DAY, "status"] == "not_evaluated"
    drift = f"""select count(*) from {name}__checks
        where metric in ('psi', 'output_psi', 'mean_shift_sd') and window_start = timestamp '{CHANGED}'"""
    assert project.value(f"{drift} and status in ('warn', 'fail')") == 0
    assert project.value(f"{drift} and status = 'pass'") > 0
    # The gate has it in the run in which the labels are mature.
    assert (
        project.value(f"select count(*) from {name}__gate where metric = 'label_psi' and status = 'warn'")
        == 1
    )


@pytest.mark.parametrize("name", MONITORS)
def test_a_late_label_of_the_baseline_rebuilds_every_day_and_nothing_else_does(
    built: tuple[Project, list[dict[str, pd.Series]]], name: str
) -> None:
    _, (first, second, third) = built
    old = first[name].index < END - 4 * DAY
    assert old.sum() > 28
    assert (second[name][first[name].index][old] == first[name][old]).all()
    assert (third[name][first[name].index] > second[name][first[name].index]).all()


def test_runs_add_up_to_a_full_refresh(built: tuple[Project, object], tmp_path: Path) -> None:
    project, _ = built
    stepwise = project.copy_to(tmp_path / "stepwise")
    project.dbt("run", *SELECTED, "--full-refresh", check=0)
    for name in MONITORS:
        for table in ("hourly_outcomes", "performance"):
            assert differences(stepwise, project, f"{name}__{table}") == []
    project.dbt("run", *SELECTED, check=0)
    states = project.query(
        " union ".join(f"select '{name}', baseline_state from {name}__performance" for name in MONITORS)
    )
    assert len(states) == len(MONITORS), json.dumps(states)

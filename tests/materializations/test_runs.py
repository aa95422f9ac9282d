"""What a run rebuilds, and what it says of it: each named case, label corrections, back-fill, retention."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import all_differences
from conftest import Project
from histories import INFERENCES, LABELS, Monitor

START = tiny_monitor.START
DAYS = 6


class Story:
    """A monitor whose generated rows are revealed as time goes on; nothing of an earlier story is left."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        self.project = self.monitor.project
        self.monitor.start()
        frames = tiny_monitor.generate(days=DAYS, rows_per_day=96, seed=3)
        frames["inferences"]["features_at"] = frames["inferences"]["event_time"]
        self.rows = {"inferences": frames["inferences"], "labels": frames["labels"]}
        self.types = {"inferences": INFERENCES, "labels": LABELS}
        self.files = 0

    def between(self, table: str, column: str, low: float, high: float) -> pd.DataFrame:
        """The generated rows of a time, in hours after the start."""
        hours = (self.rows[table][column] - START) / pd.Timedelta(hours=1)
        return self.rows[table][(hours >= low) & (hours < high)]

    def reveal(self, table: str, frame: pd.DataFrame) -> None:
        """Add a file of raw rows."""
        self.files += 1
        path = self.monitor.raw / table / f"file_{self.files}.parquet"
        frame.astype(self.types[table]).to_parquet(path, index=False, coerce_timestamps="us")

    def run(self, hours: float, *args: str) -> dict[str, object]:
        """Build as of so many hours after the start; what the run says of itself."""
        self.monitor.build(START + pd.Timedelta(hours=hours), *args)
        frame = self.project.frame(
            "select * from tiny__history where record = 'run' order by recorded_at desc limit 1"
        )
        return frame.iloc[0].to_dict()

    def batches(self, table: str) -> dict[tuple, tuple]:
        """What was written when: the batches of each hour of a rollup."""
        second = ", max(labels_batch)" if table in ("hourly_outcomes", "hourly_joins") else ""
        rows = self.project.query(
            f"select window_start, max(ml_batch){second} from tiny__{table} where window_grain = 'hour' group by 1"
        )
        return {row[0]: row[1:] for row in rows}

    def rebuilt(self, table: str, before: dict[tuple, tuple]) -> set[pd.Timestamp]:
        """The hours of a rollup that were written since."""
        after = self.batches(table)
        return {pd.Timestamp(hour) for hour in after if after[hour] != before.get(hour)}


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Monitor:
    """One project for all stories without retention."""
    return Monitor(tmp_path_factory.mktemp("kept") / "project")


@pytest.fixture(scope="module")
def folding_monitor(tmp_path_factory: pytest.TempPathFactory) -> Monitor:
    """One project for all stories that keep three days of hours."""
    return Monitor(tmp_path_factory.mktemp("folded") / "project", 3)


@pytest.fixture
def story(monitor: Monitor) -> Story:
    """All rows revealed from the start; what is later than as_of does not count yet."""
    story = Story(monitor)
    for table, frame in story.rows.items():
        story.reveal(table, frame)
    return story


def hours_of(times: pd.Series) -> set[pd.Timestamp]:
    """The hours of these times."""
    return set(times.dt.floor("h"))


def test_each_case_is_named_with_its_hours(story: Story) -> None:
    assert story.run(48)["run_case"] == "first_run"

    before = story.batches("hourly_profile")
    said = story.run(49)
    assert said["run_case"] == "standard"
    new = story.between("inferences", "ingest_time", 48, 49)
    assert story.rebuilt("hourly_profile", before) == hours_of(new["event_time"])
    assert said["changed_rows"] == len(new)

    said = story.run(49)
    assert (said["run_case"], said["rebuilt_hours"]) == ("nothing_new", 0)
    assert said["message"] == "tiny: nothing_new, 0 log rows and 0 labels changed, no hour rebuilt"

    # A prediction a year old becomes visible.
    late = (
        story.rows["inferences"]
        .head(1)
        .assign(prediction_id="late", event_time=START + pd.Timedelta(hours=5.5))
    )
    late["ingest_time"] = START + pd.Timedelta(hours=48.5)
    story.reveal("inferences", late)
    before = story.batches("hourly_profile")
    said = story.run(49)
    assert said["run_case"] == "late_rows"
    assert story.rebuilt("hourly_profile", before) == {START + pd.Timedelta(hours=5)}
    assert said["message"].endswith("1 hours rebuilt (0 for labels only): 2025-01-01 05:00")

    old = late.assign(prediction_id="old", event_time=START - pd.Timedelta(days=365))
    story.reveal("inferences", old)
    before = story.batches("hourly_profile")
    said = story.run(49)
    assert said["run_case"] == "back_fill"
    assert story.rebuilt("hourly_profile", before) == {START - pd.Timedelta(days=365)}

    wave = story.between("inferences", "event_time", 0, 30)
    labels = pd.DataFrame({"prediction_id": wave["prediction_id"], "label": 1})
    labels["label_time"] = labels["ingest_time"] = START + pd.Timedelta(hours=48.9)
    story.reveal("labels", labels)
    before = {table: story.batches(table) for table in ("hourly_profile", "hourly_outcomes", "hourly_volume")}
    said = story.run(49)
    assert (said["run_case"], said["label_only_hours"]) == ("label_wave", 30)
    assert story.rebuilt("hourly_outcomes", before["hourly_outcomes"]) == hours_of(wave["event_time"])
    assert story.rebuilt("hourly_profile", before["hourly_profile"]) == set()
    assert story.rebuilt("hourly_volume", before["hourly_volume"]) == set()

    said = story.run(49 + 50)
    assert said["run_case"] == "catch_up"
    assert story.run(49 + 50, "--full-refresh")["run_case"] == "full_refresh"


def test_a_label_correction_changes_the_hour_of_its_prediction_and_nothing_else(story: Story) -> None:
    story.run(72)
    labelled = story.between("labels", "ingest_time", 0, 40).iloc[10]
    (predicted,) = story.rows["inferences"].query("prediction_id == @labelled.prediction_id")["event_time"]
    correction = pd.DataFrame([labelled]).assign(label=1 - labelled["label"])
    correction["ingest_time"] = START + pd.Timedelta(hours=71)
    story.reveal("labels", correction)
    tables = ("hourly_profile", "hourly_volume", "hourly_outcomes", "hourly_joins")
    before = {table: story.batches(table) for table in tables}
    performance = story.project.frame("select * exclude (ml_batch, labels_batch) from tiny__performance")
    said = story.run(72)
    assert (said["changed_rows"], said["rebuilt_hours"], said["label_only_hours"]) == (0, 1, 1)
    hour = {predicted.floor("h")}
    assert story.rebuilt("hourly_outcomes", before["hourly_outcomes"]) == hour
    # Label rows are counted by the hour of their own time, too.
    of_label = {pd.Timestamp(labelled["label_time"]).floor("h")}
    assert story.rebuilt("hourly_joins", before["hourly_joins"]) == hour | of_label
    for table in ("hourly_profile", "hourly_volume"):
        assert story.rebuilt(table, before[table]) == set()
    after = story.project.frame("select * exclude (ml_batch, labels_batch) from tiny__performance")
    keys = ["window_grain", "window_start", "model_version", "segment_name", "segment_value"]
    both = performance[performance["window_grain"] == "day"].merge(after, on=keys, suffixes=("", "_after"))
    changed = both[both["correct_rows"] != both["correct_rows_after"]]
    assert set(changed["window_start"]) == {predicted.floor("D")}
    # Once more the same: nothing to do.
    assert story.run(72)["run_case"] == "nothing_new"


def test_a_replaced_duplicate_leaves_its_hour(story: Story) -> None:
    story.run(72)
    row = story.rows["inferences"].iloc[[30]]
    hour = row["event_time"].iloc[0].floor("h")
    # Another write of the same prediction, ingested earlier, about another hour.
    first = row.assign(
        event_time=row["event_time"] - pd.Timedelta(hours=3),
        ingest_time=row["ingest_time"] - pd.Timedelta(hours=2),
    )
    story.reveal("inferences", first)
    before = story.batches("hourly_profile")
    story.run(72)
    assert story.rebuilt("hourly_profile", before) == {hour, hour - pd.Timedelta(hours=3)}
    states = story.project.query(
        f"""select event_time, ml_row_state from tiny__inferences_log
        where prediction_id = '{row["prediction_id"].iloc[0]}' order by event_time"""
    )
    assert [state for _, state in states] == ["current", "duplicate"]


def test_a_range_is_back_filled_and_nothing_else(
    story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    story.run(96)
    # Upstream mends two hours in place: as many rows as before, so nothing shows.
    path = story.monitor.raw / "inferences" / "file_1.parquet"
    mended = pd.read_parquet(path)
    window = (mended["ingest_time"] >= START + pd.Timedelta(hours=30)) & (
        mended["ingest_time"] < START + pd.Timedelta(hours=32)
    )
    mended.loc[window, "amount"] += 40
    mended.astype(INFERENCES).to_parquet(path, index=False, coerce_timestamps="us")
    assert story.run(96)["run_case"] == "nothing_new"
    before = story.batches("hourly_profile")
    known = Monitor.environment_of
    variables = {"ML_REBUILD_FROM": "2025-01-02T06:00:00", "ML_REBUILD_TO": "2025-01-02T08:00:00"}
    monkeypatch.setattr(Monitor, "environment_of", lambda self, as_of: known(self, as_of) | variables)
    said = story.run(96)
    assert said["run_case"] == "back_fill"
    assert said["changed_rows"] == window.sum()
    assert story.rebuilt("hourly_profile", before) == hours_of(mended.loc[window, "event_time"])
    monkeypatch.undo()
    stepwise = story.monitor.snapshot(tmp_path / "stepwise")
    story.run(96, "--full-refresh")
    assert all_differences(stepwise, story.project) == []


@pytest.fixture(scope="module")
def kept_and_folded(
    monitor: Monitor, folding_monitor: Monitor, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, Story]:
    """The same rows in the same four runs, without retention (what it left) and with three days of hours."""
    for one in (monitor, folding_monitor):
        story = Story(one)
        late = story.rows["inferences"].index[:5]
        for table, frame in story.rows.items():
            story.reveal(table, frame.drop(index=late) if table == "inferences" else frame)
        for hours in (90, 121, 126):
            story.run(hours)
        # Five rows of the first day become visible after it was folded.
        story.reveal("inferences", story.rows["inferences"].loc[late])
        story.run(144)
    return monitor.snapshot(tmp_path_factory.mktemp("kept_and_folded") / "kept"), story


def test_folding_changes_no_metric_of_a_day(kept_and_folded: tuple[Project, Story]) -> None:
    kept, folded = kept_and_folded
    sql = "select min(window_start) from tiny__hourly_profile where window_grain = 'hour' and column_name <> '__rows__'"
    assert kept.value(sql) == START
    assert folded.project.value(sql) == START + pd.Timedelta(days=3)
    rows = "select count(*) from tiny__hourly_profile"
    assert folded.project.value(rows) < 0.8 * kept.value(rows)
    for table in ("drift", "data_quality", "window_metrics", "performance"):
        names = [
            name for name, _ in kept.query(f"select column_name, column_type from (describe tiny__{table})")
        ]
        keys = [name for name in names if name.endswith("_id") or name == "model_version"]
        compared = [
            name
            for name in names
            if name not in ("ml_batch", "labels_batch", "baseline_state", "declaration_hash")
        ]
        sql = f"select {', '.join(compared)} from tiny__{table} where window_grain <> 'hour' order by {', '.join(keys)}"
        one, two = kept.frame(sql), folded.project.frame(sql)
        assert len(one) == len(two) > 0
        for name in compared:
            if one[name].dtype.kind == "f":
                assert np.allclose(one[name], two[name], rtol=1e-9, atol=1e-9, equal_nan=True), (
                    f"{table}.{name}"
                )
            else:
                assert one[name].equals(two[name]), f"{table}.{name}"


def test_folding_at_once_ends_alike(kept_and_folded: tuple[Project, Story], tmp_path: Path) -> None:
    _, folded = kept_and_folded
    stepwise = folded.monitor.snapshot(tmp_path / "stepwise")
    folded.run(144, "--full-refresh")
    for table in ("hourly_profile", "hourly_outcomes", "hourly_volume", "drift", "performance"):
        from compare import differences

        assert differences(stepwise, folded.project, f"tiny__{table}") == []


def test_other_retention_counts_anew(folding_monitor: Monitor, tmp_path: Path) -> None:
    story = Story(folding_monitor)
    for table, frame in story.rows.items():
        story.reveal(table, frame)
    story.run(144)
    project = story.project.copy_to(tmp_path / "project")
    project.replace("models/staging/tiny/_tiny.yml", "hourly_retention_days: 3", "hourly_retention_days: 5")
    result = project.dbt(
        "build",
        "--exclude-resource-type",
        "test",
        "unit_test",
        env={"ML_AS_OF": str(START + pd.Timedelta(hours=144))},
    )
    assert result.exit_code == 0, result.output
    changed = "hourly_outcomes, hourly_profile, hourly_relations"
    assert f"tiny: changed_declaration of {changed}, 0 log rows" in result.output
    sql = "select min(window_start) from tiny__hourly_profile where window_grain = 'hour' and column_name <> '__rows__'"
    assert project.value(sql) == START + pd.Timedelta(days=1)
    total = "select sum(row_count) from tiny__hourly_profile where column_name = 'amount' and segment_name = '__all__'"
    assert project.value(total) == project.value("select count(*) from tiny__inferences")


def test_rows_that_got_their_key_are_replayed(story: Story, tmp_path: Path) -> None:
    """Staging mends missing ids: after replay_quarantine the rows count, once, as in a full refresh."""
    path = story.monitor.raw / "inferences" / "file_1.parquet"
    good = pd.read_parquet(path)
    lost = good["ingest_time"].between(START + pd.Timedelta(hours=30), START + pd.Timedelta(hours=33))
    broken = good.assign(prediction_id=good["prediction_id"].mask(lost))
    # One of them stays lost.
    still = good.assign(prediction_id=good["prediction_id"].mask(good.index == good.index[lost][0]))
    broken.astype(INFERENCES).to_parquet(path, index=False, coerce_timestamps="us")
    story.run(96)
    still.astype(INFERENCES).to_parquet(path, index=False, coerce_timestamps="us")
    assert story.run(96)["run_case"] == "nothing_new"
    arguments = "{monitor: tiny, reason: missing_prediction_id}"
    story.project.dbt("run-operation", "replay_quarantine", "--args", arguments, check=0)
    story.run(96)
    count = "select count(*) from tiny__inferences_log where ml_quarantine_reason = 'missing_prediction_id'"
    assert story.project.value(count) == 1
    stepwise = story.monitor.snapshot(tmp_path / "stepwise")
    story.run(96, "--full-refresh")
    assert all_differences(stepwise, story.project) == []

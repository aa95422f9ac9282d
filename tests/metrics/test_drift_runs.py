"""A run copies the baseline variation of an unchanged baseline from the rows of drift, and measures a changed one again."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import differences
from conftest import Project

DAY = pd.Timedelta(days=1)
MARK = 7
KINDS = ["--resource-type", "model", "--resource-type", "seed"]


def run_until(project: Project, moment: pd.Timestamp) -> None:
    """Bring drift, and all it is made of, up to a moment."""
    project.as_of = str(moment)
    project.dbt("build", *KINDS, "--select", "+tiny__drift", check=0)


def built_anew(project: Project, folder: Path) -> Project:
    """A copy whose drift is computed at once from the same rollups."""
    other = project.copy_to(folder)
    other.dbt("run", "--full-refresh", "--select", "tiny__drift", check=0)
    return other


@pytest.fixture(scope="module")
def frames() -> tiny_monitor.Frames:
    """The tiny monitor with two versions, and a segment value that only the last day has."""
    generated = tiny_monitor.generate(rows_per_day=1500)
    del generated["labels"]
    rows = generated["inferences"]
    random = np.random.default_rng(8).random(len(rows))
    rows.loc[random < 0.4, "model_version"] = "v2"
    rows.loc[(rows["event_time"] > tiny_monitor.LAST_DAY) & (random < 0.1), "country"] = "es"
    return generated


@pytest.fixture(scope="module")
def day_by_day(
    frames: tiny_monitor.Frames, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, Project]:
    """Drift of all but the last day, then of that, too. In the second, what was there by then is marked."""
    folder = tmp_path_factory.mktemp("drift_runs")
    project = tiny_monitor.new_project(folder / "project", {"tiny": frames})
    declared = "          label_horizon_hours: 24\n"
    windows = "          drift_windows: [hour]\n"
    project.replace("models/staging/tiny/_tiny.yml", declared, declared + windows)
    run_until(project, tiny_monitor.LAST_DAY)
    marked = project.copy_to(folder / "marked")
    with duckdb.connect(str(marked.database)) as connection:
        connection.execute(
            f"update tiny__drift set baseline_variation = baseline_variation + {MARK} where baseline_windows > 0"
        )
    for one in (project, marked):
        run_until(one, tiny_monitor.END)
    return project, marked


def test_a_day_is_what_it_is_in_a_full_refresh(day_by_day: tuple[Project, Project], tmp_path: Path) -> None:
    project, _ = day_by_day
    assert differences(project, built_anew(project, tmp_path / "anew"), "tiny__drift") == []
    assert (
        project.value(
            "select count(*) from tiny__drift where baseline_variation > 0 and baseline_windows >= 4"
        )
        > 0
    )
    grains = project.frame("select distinct window_grain from tiny__drift where baseline_variation > 0")
    assert set(grains["window_grain"]) == {"hour", "day", "7_days", "28_days"}


def test_the_baseline_is_not_compared_again(day_by_day: tuple[Project, Project]) -> None:
    rows = f"""select drift_id, baseline_variation, baseline_windows from tiny__drift
        where window_end > '{tiny_monitor.LAST_DAY}' and baseline = 'serving' order by drift_id"""
    before, after = (one.frame(rows) for one in day_by_day)
    assert len(before) > 300
    assert list(before["drift_id"]) == list(after["drift_id"])
    known = before["baseline_windows"] > 0
    # What the baseline does not have, such as a new segment value, has no baseline_variation to take.
    assert (~known).any()
    np.testing.assert_allclose(
        after["baseline_variation"], before["baseline_variation"] + MARK * known, rtol=1e-12
    )


def test_a_changed_baseline_is_compared_again(
    frames: tiny_monitor.Frames, day_by_day: tuple[Project, Project], tmp_path: Path
) -> None:
    marked = day_by_day[1]
    marked.raw = tmp_path / "raw"
    late = frames["inferences"][frames["inferences"]["event_time"] < tiny_monitor.START + 2 * DAY].head(50)
    late = late.assign(prediction_id="late " + late["prediction_id"], amount=500.0)
    rows = pd.concat([frames["inferences"], late])
    tiny_monitor.write_frames(marked.raw / "tiny", frames | {"inferences": rows})
    run_until(marked, tiny_monitor.END)
    assert marked.value("select max(baseline_variation) from tiny__drift") < MARK
    assert differences(marked, built_anew(marked, tmp_path / "anew"), "tiny__drift") == []


def test_an_emptied_day_of_scores_alone_keeps_no_rows(tmp_path: Path) -> None:
    """Without features and an ingest time, all that drift has is of versions, and a day without rows has no version."""
    generated = tiny_monitor.generate(days=3, rows_per_day=600)
    rows = generated["inferences"].drop(columns="ingest_time")
    frames = {"inferences": rows, "reference": generated["reference"]}
    project = tiny_monitor.new_project(tmp_path / "project", {"tiny": frames})
    yml = "models/staging/tiny/_tiny.yml"
    project.replace(
        yml, "      - {name: ingest_time, data_type: timestamp, config: {meta: {role: ingest_time}}}\n", ""
    )
    roles = r", config: \{meta: \{role: (feature|latency_ms)[^}]*\}\}"
    project.write(yml, re.sub(roles, "", project.read(yml)))
    run_until(project, tiny_monitor.START + 4 * DAY)
    emptied = tiny_monitor.START + 2 * DAY
    counts = f"select count(*), sum(current_rows) from tiny__drift where window_start = '{emptied}' and window_grain = 'day'"
    assert project.query(counts) == [(10, 2400)]
    # The rows of the third day turn out to be of the second; the earlier event wins.
    moved = rows[rows["event_time"] >= emptied]
    moved = moved.assign(event_time=moved["event_time"] - DAY)
    tiny_monitor.write_frames(project.raw / "tiny", {"inferences": pd.concat([rows, moved])})
    run_until(project, tiny_monitor.START + 4 * DAY)
    assert project.query(counts) == [(2, 0)]
    reasons = project.frame(f"select distinct psi_reason from tiny__drift where window_start = '{emptied}'")
    assert list(reasons["psi_reason"]) == ["insufficient_sample"]
    assert differences(project, built_anew(project, tmp_path / "anew"), "tiny__drift") == []


def test_a_column_that_comes_later_is_counted_by_its_own_first_days(tmp_path: Path) -> None:
    """No training set has it and the first 28 days of serving neither: its edges and categories are those of the days after."""
    rows = tiny_monitor.generate(days=34, rows_per_day=200)["inferences"]
    begins = tiny_monitor.START + 30 * DAY
    rows.loc[rows["event_time"] < begins, ["amount", "country"]] = None
    project = tiny_monitor.new_project(tmp_path / "project", {"tiny": {"inferences": rows}})
    first_end = begins - DAY
    for moment in (first_end, tiny_monitor.START + 34 * DAY):
        run_until(project, moment)
    known = project.frame(
        "select category from tiny__grid where category is not null and column_name = 'country'"
    )
    assert sorted(known["category"]) == sorted(tiny_monitor.COUNTRIES)
    counted = """
        select column_name, sum(row_count) as row_count, sum(case when slot > 0 then row_count end) as in_grid
        from tiny__hourly_profile
        where column_name in ('amount', 'country') and segment_name = '__all__'
        group by column_name
        order by column_name
    """
    later = int((rows["event_time"] >= begins).sum())
    in_grid = dict(zip(*project.frame(counted)[["column_name", "in_grid"]].T.to_numpy(), strict=True))
    assert in_grid["country"] == later
    assert later * 0.9 < in_grid["amount"] <= later
    assert set(project.frame(counted)["row_count"]) == {len(rows)}

"""One monitor's broken staging leaves the other built, gated and visible; its own last good rows stay."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from conftest import APRIL, ROOT, Project, Result
from report_data import blocks

BEFORE, AFTER = datetime(2013, 5, 1), datetime(2013, 5, 3)
BROKEN, HEALTHY = "flight_air_time", "flight_delay"
FLEET = ["ml_drift", "ml_performance", "ml_data_quality", "ml_freshness", "ml_volume", "ml_join_cardinality"]
Broken = tuple[Project, Result, dict[str, tuple[int, datetime]]]


def newest(project: Project, view: str) -> dict[str, tuple[int, datetime]]:
    """Rows and newest window of each monitor in a fleet view."""
    rows = project.query(f"select monitor, count(*), max(window_end) from {view} group by monitor")
    return {monitor: (count, window) for monitor, count, window in rows}


@pytest.fixture(scope="module")
def broken(april_build: tuple[Project, Result], tmp_path_factory: pytest.TempPathFactory) -> Broken:
    """A good build of April, then two days later one with a staging model that selects a missing column."""
    good, result = april_build
    assert result.exit_code == 0
    project = good.copy_to(tmp_path_factory.mktemp("isolation") / "project")
    before = {view: newest(project, view)[BROKEN] for view in [*FLEET, "ml_checks", "ml_metrics"]}
    staging = f"models/staging/{BROKEN}/stg_{BROKEN}__inferences.sql"
    project.replace(staging, "distance,", "distance_in_miles as distance,", 1)
    project.as_of = str(AFTER)
    return project, project.dbt("build", vars={"ml_gate_lookback_hours": APRIL["lookback_hours"]}), before


def test_only_the_broken_staging_is_an_error(broken: Broken) -> None:
    _, result, _ = broken
    assert result.exit_code == 1
    assert set(result.errors) == {f"stg_{BROKEN}__inferences"}
    assert "distance_in_miles" in result.errors[f"stg_{BROKEN}__inferences"]


def test_the_summary_names_the_broken_monitor(broken: Broken) -> None:
    _, result, _ = broken
    assert (
        f"ml_monitor  ERROR  {BROKEN}: stg_{BROKEN}__inferences was not built; its last good rows"
        in result.said
    )
    assert f"ml_monitor  {HEALTHY}: " in result.output


def test_the_other_monitor_is_built_and_gated(broken: Broken) -> None:
    _, result, _ = broken
    mine = {name: status for name, status in result.statuses.items() if name.startswith(f"{HEALTHY}__")}
    tests = {name: mine.pop(name) for name in list(mine) if "__gate_" in name}
    assert len(mine) > 20
    assert set(mine.values()) <= {"success", "pass"}
    assert len(tests) == 6
    assert set(tests.values()) <= {"pass", "warn"}
    assert result.statuses["flight_delay_training_set"] == "success"


def test_nothing_of_the_broken_monitor_was_judged(broken: Broken) -> None:
    _, result, _ = broken
    mine = {name: status for name, status in result.statuses.items() if name.startswith(f"{BROKEN}__gate")}
    assert len(mine) == 7
    assert set(mine.values()) == {"skipped"}


@pytest.mark.parametrize("view", [*FLEET, "ml_checks", "ml_metrics"])
def test_fleet_views_show_fresh_and_last_good_rows(broken: Broken, view: str) -> None:
    project, _, before = broken
    found = newest(project, view)
    assert found[HEALTHY][1] == AFTER
    assert found[BROKEN] == before[view]
    assert found[BROKEN][1] == BEFORE
    assert found[BROKEN][0] > 0


def test_the_log_of_the_broken_monitor_is_as_it_was(broken: Broken) -> None:
    project, _, _ = broken
    newest_event = project.value(f"select max(event_time) from {BROKEN}__inferences")
    assert newest_event < BEFORE
    assert project.value(f"select max(event_time) from {HEALTHY}__inferences") > datetime(2013, 5, 2, 20)


def test_fleet_views_and_the_report_without_a_monitor_that_is_not_built(
    april_build: tuple[Project, Result], tmp_path: Path
) -> None:
    """A monitor that was never built is left out of the views, named by ml_monitor_health, and stops nothing."""
    project = april_build[0].copy_to(tmp_path / "project")
    with duckdb.connect(str(project.database)) as connection:
        tables = connection.execute("select table_name, table_type from information_schema.tables").fetchall()
        for name, kind in tables:
            if (kind == "VIEW" and name.startswith("ml_")) or f"{BROKEN}__" in name:
                connection.execute(f'drop {"view" if kind == "VIEW" else "table"} "{name}"')
    result = project.dbt("build", "--select", "path:models/fleet", "--exclude-resource-type", "unit_test")
    assert not result.errors
    for view in [*FLEET, "ml_checks", "ml_gates", "ml_histograms", "ml_runs"]:
        assert project.query(f"select distinct monitor from {view}") == [(HEALTHY,)], view
    stopped = dict(project.query("select monitor, is_stopped from ml_monitor_health"))
    assert stopped == {HEALTHY: False, BROKEN: True}
    page = tmp_path / "report.html"
    command = [
        sys.executable,
        ROOT / "scripts" / "report.py",
        "--database",
        project.database,
        "--out",
        page,
    ]
    subprocess.run(command, check=True)
    fleet = blocks(page)["fleet"]
    assert {one["name"]: bool(one["gates"]) for one in fleet["monitors"]} == {HEALTHY: True, BROKEN: False}

"""What would destroy history is refused, with the way to do it on purpose; the past is built beside the present."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import tiny_monitor
from compare import differences
from conftest import Project, Result

EARLY, LATE = "2025-01-04 00:00:00", "2025-01-06 00:00:00"
TABLES = ("inferences_log", "hourly_profile", "hourly_outcomes", "drift", "performance", "checks")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Built as of two moments; the first state is kept in a copy beside it."""
    frames = tiny_monitor.generate(days=6, rows_per_day=60)
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("guards") / "project", {"tiny": frames})
    build(project, EARLY)
    project.copy_to(project.folder.parent / "early")
    build(project, LATE)
    return project


def build(project: Project, as_of: str, *args: str, **options: dict) -> Result:
    """Build the monitor without its tests: its gates may fail, for want of rows."""
    env = {"ML_AS_OF": as_of} | options.pop("env", {})
    return project.dbt("build", *args, "--exclude-resource-type", "test", "unit_test", env=env, **options)


def content(project: Project) -> dict[str, tuple]:
    """What the tables hold."""
    tables = [name for name, kind in project.relations().items() if kind == "BASE TABLE"]
    return {
        name: project.query(f'select count(*), bit_xor(hash(t)) from "{name}" as t')[0] for name in tables
    }


def test_a_log_is_not_refreshed_from_less_than_it_holds(project: Project) -> None:
    raw = project.raw / "tiny" / "inferences.parquet"
    whole, before = pq.read_table(raw), content(project)
    # A refresh that loses nothing is nobody's business.
    rows = project.value("select count(*) from tiny__inferences_log")
    same = build(project, LATE, "--full-refresh")
    assert same.exit_code == 0, same.output
    assert f"tiny: full_refresh, {rows} log rows" in same.output
    before = content(project)
    pq.write_table(whole.slice(5), raw)
    refused = build(project, LATE, "--full-refresh")
    assert refused.exit_code != 0
    assert "tiny__inferences_log holds 5 rows that staging has no longer, in " in refused.output
    assert "hours from 2025-01-01 00:00 on; --full-refresh would lose them" in refused.output
    assert "--vars '{ml_allow_full_refresh: true}'" in refused.output
    assert content(project) == before
    # What holds no history may be.
    metrics = build(project, LATE, "--full-refresh", "--select", "tiny__drift")
    assert metrics.exit_code == 0, metrics.output
    allowed = build(
        project, LATE, "--full-refresh", vars={"ml_allow_full_refresh": True, "ml_monitors": monitors()}
    )
    assert allowed.exit_code == 0, allowed.output
    assert f"tiny: full_refresh, {rows - 5} log rows" in allowed.output
    pq.write_table(whole, raw)
    assert build(project, LATE).exit_code == 0


@pytest.mark.parametrize("part", ["--empty", "--sample=1 day"])
def test_a_part_of_the_source_reaches_no_log(project: Project, part: str) -> None:
    before = content(project)
    refused = build(project, LATE, part)
    assert refused.exit_code != 0
    assert "tiny__inferences_log has rows, and --" in refused.output
    assert "in a schema of its own: ML_SCHEMA=trial dbt build --" in refused.output
    assert content(project) == before


def monitors() -> dict[str, list[str]]:
    """The var of the project, which --vars replaces as a whole only if it names it."""
    return {"tiny": ["labels", "reference", "customer"]}


def test_an_as_of_before_the_tables_is_refused(project: Project) -> None:
    before = content(project)
    refused = build(project, EARLY)
    assert refused.exit_code != 0
    assert f"as_of {EARLY} is before {LATE}" in refused.output
    assert "ML_SCHEMA=as_of_20250104 ML_AS_OF=2025-01-04T00:00:00 dbt build" in refused.output
    assert content(project) == before


def test_a_day_without_its_time_is_its_first_second(project: Project) -> None:
    again = build(project, LATE.split()[0], "--select", "tiny__gate")
    assert again.exit_code == 0, again.output
    refused = build(project, "2025-01-05")
    assert f"as_of 2025-01-05 00:00:00 is before {LATE}" in refused.output


def test_the_past_is_rebuilt_in_a_schema_of_its_own(project: Project) -> None:
    early = Project.__new__(Project)
    early.folder, early.raw, early.as_of = project.folder.parent / "early", project.raw, EARLY
    early.database = early.folder / project.database.name
    past = build(project, EARLY, env={"ML_SCHEMA": "as_of_20250104"})
    assert past.exit_code == 0, past.output
    present = {
        f"tiny__{table}": project.value(f"select count(*) from main.tiny__{table}") for table in TABLES
    }
    copy = project.copy_to(project.folder.parent / "past")
    with duckdb.connect(str(copy.database)) as connection:
        for table in present:
            connection.execute(
                f"create or replace table main.{table} as select * from as_of_20250104.{table}"
            )
    assert [found for table in present for found in differences(early, copy, table)] == []
    assert project.value("select max(window_end) from main.tiny__drift") > project.value(
        "select max(window_end) from as_of_20250104.tiny__drift"
    )


def test_the_second_of_two_runs_stops_and_harms_nothing(project: Project, tmp_path: Path) -> None:
    as_of = "2025-01-07 00:00:00"
    other = project.copy_to(tmp_path / "other")
    started = []
    for target in ("target", "target_2"):
        command = ["build", "--target-path", target, "--exclude-resource-type", "test", "unit_test"]
        started.append(other.start_dbt(*command, env={"ML_AS_OF": as_of}))
        # Both then hold, or want, the file for the seconds that the models take.
        time.sleep(0.7)
    codes = [run.wait(120) for run in started]
    said = [run.output for run in started]
    assert sorted(code != 0 for code in codes) == [False, True], said
    first, second = (0, 1) if codes[0] == 0 else (1, 0)
    assert "Conflicting lock is held" in said[second]
    assert f"(PID {started[first].pid})" in said[second]
    again = build(project, as_of)
    assert again.exit_code == 0
    assert [found for table in TABLES for found in differences(other, project, f"tiny__{table}")] == []


def test_tables_of_an_older_version_are_refused_and_can_be_dropped(project: Project, tmp_path: Path) -> None:
    old = project.copy_to(tmp_path / "old")
    with duckdb.connect(str(old.database)) as connection:
        connection.execute("create table tiny__grid_categories as select 1 as one")
        connection.execute("create table tiny__runs as select 1 as one")
    before = content(old)
    refused = build(old, LATE)
    assert refused.exit_code != 0
    assert "schema main holds tables of tiny that ml_monitor 0.1 has built" in refused.output
    assert content(old) == before
    arguments = '{"monitor": "tiny"}'
    assert "dbt run-operation drop_tables_of_0_1 --args '{monitor: tiny}'" in refused.output
    old.dbt("run-operation", "drop_tables_of_0_1", "--args", arguments, check=0)
    # Another schema may hold the past (test_the_past_is_rebuilt_in_a_schema_of_its_own); it is not touched.
    tables = "select table_name from information_schema.tables where table_schema = 'main'"
    assert [name for (name,) in old.query(tables) if name.startswith("tiny__")] == []
    assert build(old, LATE).exit_code == 0

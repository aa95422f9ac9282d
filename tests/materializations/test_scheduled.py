"""The selector ``scheduled``: an hourly run without what changes only with the code ends as dbt build does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import tiny_monitor
from compare import all_differences
from conftest import MAINTENANCE, POLICIES, Project, Result
from results import quiet_models

# Rows of metric tables, and their keys.
ROWS_OF_WINDOWS = {
    "drift": ("tiny__drift", "window_grain = 'day'", "drift_id"),
    "freshness": (
        "tiny__window_metrics",
        "metric_group = 'freshness' and window_grain = 'day'",
        "window_metric_id",
    ),
    "performance": ("tiny__performance", "window_grain = 'day'", "performance_id"),
    "volume": (
        "tiny__window_metrics",
        "metric_group = 'volume' and window_grain = 'day'",
        "window_metric_id",
    ),
}
# A build of everything but the fleet views.
BUILD = ("build", "--exclude", "path:models/fleet")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Project, Result]]:
    """A last day whose amounts moved, added to what dbt build made of the days before: once by each command."""
    frames = tiny_monitor.generate()
    inferences = frames["inferences"]
    inferences.loc[inferences["event_time"] >= tiny_monitor.LAST_DAY, "amount"] += 30
    folder = tmp_path_factory.mktemp("scheduled")
    project = tiny_monitor.new_project(folder / "whole", {"tiny": frames}, fleet=True)
    waits = "{{ config(materialized='table') }}\n{{ ml_monitor.require_gate('tiny') }}\n"
    project.write(
        "models/consumers/tiny_consumer.sql", waits + "select * from {{ ref('tiny__inferences') }}\n"
    )
    before = project.dbt("build", env={"ML_AS_OF": str(tiny_monitor.LAST_DAY)}, check=0)
    other = project.copy_to(folder / "scheduled")
    return {
        "before": (project.copy_to(folder / "before"), before),
        "whole": (project, project.dbt("build")),
        "scheduled": (other, other.dbt("build", "--selector", "scheduled")),
    }


def test_the_tables_are_those_of_dbt_build(runs: dict[str, tuple[Project, Result]]) -> None:
    (whole, _), (scheduled, _) = runs["whole"], runs["scheduled"]
    assert all_differences(whole, scheduled) == []
    assert scheduled.value("select count(*) from ml_gates where status = 'fail'") > 0


def test_the_gates_fail_as_they_do_in_dbt_build(runs: dict[str, tuple[Project, Result]]) -> None:
    (_, whole), (_, scheduled) = runs["whole"], runs["scheduled"]
    assert scheduled.exit_code == 1
    assert scheduled.failing_tests == whole.failing_tests == {"tiny__gate_drift"}
    gates = {name for name in whole.statuses if name.startswith("tiny__gate_")}
    assert gates == {name for name in scheduled.statuses if name.startswith("tiny__gate_")}
    assert whole.statuses["tiny_consumer"] == scheduled.statuses["tiny_consumer"] == "skipped"


def test_the_summary_names_what_failed(runs: dict[str, tuple[Project, Result]]) -> None:
    for _, result in (runs["whole"], runs["scheduled"]):
        assert re.search(r"FAIL  drift, docs/gates/drift.md\n    [\d :-]+  amount PSI", result.output)


def test_only_views_seeds_and_tests_of_keys_are_left_out(runs: dict[str, tuple[Project, Result]]) -> None:
    (project, whole), (_, scheduled) = runs["whole"], runs["scheduled"]
    nodes = {node["name"]: node for node in whole.manifest["nodes"].values()}
    left_out = {name for name in whole.statuses if name in nodes} - set(scheduled.statuses)
    kinds = {name: nodes[name]["config"]["materialized"] for name in left_out}
    tests = {name for name, kind in kinds.items() if kind == "test"}
    assert set(kinds.values()) == {"view", "seed", "test"}
    assert {"tiny__labels", "ml_drift", "ml_policy_rules", "ml_policy_rules_are_valid"} <= left_out
    assert not {"tiny__gate", "tiny__metrics", "stg_tiny__inferences"} & left_out
    # A view of a run before is as good, since none of them speaks of a time.
    models = {
        node["name"]: node for node in whole.manifest["nodes"].values() if node["resource_type"] == "model"
    }
    compiled = {name: project.read(models[name]["compiled_path"]) for name in left_out if name in models}
    assert [name for name, sql in compiled.items() if tiny_monitor.AS_OF in sql] == []
    assert tiny_monitor.AS_OF in project.read(models["tiny__gate"]["compiled_path"])
    # Of the tests only those of the seeds.
    parents = {
        name: {parent.split(".")[0] for parent in nodes[name]["depends_on"]["nodes"]} for name in tests
    }
    assert {name for name, kinds in parents.items() if kinds != {"seed"}} == set()


@pytest.fixture(scope="module")
def doubled(
    runs: dict[str, tuple[Project, Result]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Result, dict[str, set[str]], pd.DataFrame]:
    """A run after rows of metric tables were written twice, the keys of these rows, and what the test of keys returns."""
    project = runs["scheduled"][0].copy_to(tmp_path_factory.mktemp("doubled") / "project")
    keys = {}
    with duckdb.connect(str(project.database)) as connection:
        for rows, (table, condition, key) in ROWS_OF_WINDOWS.items():
            last = f"{condition} and window_start = (select max(window_start) from {table} where {condition})"
            found = connection.execute(f"select distinct {key} from {table} where {last}").fetchall()
            keys[rows] = {value for (value,) in found}
            connection.execute(f"insert into {table} from {table} where {last}")
    result = project.dbt("build", "--selector", "scheduled")
    (test,) = (
        node for node in result.manifest["nodes"].values() if node["name"] == "tiny__windows_are_unique"
    )
    return result, keys, project.frame(project.read(test["compiled_path"]))


@pytest.mark.parametrize("rows", ROWS_OF_WINDOWS)
def test_a_metric_row_that_is_there_twice_fails_the_run(
    doubled: tuple[Result, dict[str, set[str]], pd.DataFrame], rows: str
) -> None:
    """What waits for the checks is skipped, as it is in dbt build."""
    result, keys, found = doubled
    assert "tiny__windows_are_unique" in result.failing_tests
    assert "has 2 rows of " in result.output
    found = found[found["table_name"] == rows]
    assert set(found["row_id"]) == keys[rows]
    assert found["message"].str.contains(f" has 2 rows of {ROWS_OF_WINDOWS[rows][2]} ").all()
    assert result.statuses["tiny__gate"] == "skipped"


# What a day more does not change.
FROZEN = {"ml_deletions", "tiny__grid", "tiny__reference_profile"}


def test_a_model_with_nothing_to_write_says_so(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path
) -> None:
    """A second run at the same moment; what it leaves is what was there. The compiled select is whole."""
    scheduled, first = runs["scheduled"]
    again = scheduled.copy_to(tmp_path / "again")
    second = again.dbt("build", "--selector", "scheduled")
    assert second.failing_tests == first.failing_tests
    incremental = {
        node["name"]
        for node in second.manifest["nodes"].values()
        if node["config"]["materialized"] == "ml_monitor_table" and node["name"] in second.statuses
    }
    # Each run is on record.
    assert incremental - quiet_models(second) == {"tiny__history"}
    # The training set is what it was, and all else has a day more.
    assert quiet_models(first) == FROZEN
    assert all_differences(scheduled, again) == []
    compiled = again.read("target/compiled/ml_monitor/models/monitors/tiny/tiny__drift.sql")
    assert "-- Written only if written_windows has rows." in compiled
    assert "final as (" in compiled


def test_what_another_run_left_unjudged_is_judged(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path
) -> None:
    """A run that stopped before its checks: the metrics have nothing to write in the next one, the checks do."""
    whole, judged = runs["whole"]
    stopped = runs["before"][0].copy_to(tmp_path / "stopped")
    stopped.dbt(*BUILD, "tiny__checks+", check=0)
    next_one = stopped.dbt("build", "--selector", "scheduled")
    assert {"tiny__drift", "tiny__data_quality"} <= quiet_models(next_one)
    assert "tiny__checks" not in quiet_models(next_one)
    assert next_one.failing_tests == judged.failing_tests
    assert all_differences(whole, stopped) == []


@pytest.mark.parametrize("changed", ["maintenance", "policy", "code", "owner"])
def test_checks_are_judged_again_when_they_would_be_others(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path, changed: str
) -> None:
    project = runs["whole"][0].copy_to(tmp_path / changed)
    if changed == "maintenance":
        project.append(MAINTENANCE, f"tiny,{tiny_monitor.LAST_DAY},{tiny_monitor.END},Moved on purpose\n")
    elif changed == "policy":
        project.append(
            POLICIES, "tiny-amount-psi,tiny,psi,day,serving,__all__,amount,,,,,100,Moved on purpose\n"
        )
    elif changed == "code":
        project.replace(
            "macros/checks/judged_checks.sql", "crossed is not null as is_beyond", "1 = 0 as is_beyond"
        )
    else:
        project.replace("models/staging/tiny/_tiny.yml", tiny_monitor.OWNER, "others@example.com")
    result = project.dbt(*BUILD)
    assert "tiny__checks" not in quiet_models(result)
    assert "tiny__drift" in quiet_models(result)
    assert result.failing_tests == ({"tiny__gate_drift"} if changed == "owner" else set())
    if changed == "owner":
        assert "owner others@example.com" in result.output
    assert "tiny__checks" in quiet_models(project.dbt("run", "--select", "tiny__checks"))


@pytest.mark.parametrize(("table", "column"), [("baseline_windows", "faulty_rows"), ("checks", "message")])
def test_a_lost_column_of_a_table_comes_back_with_its_values(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path, table: str, column: str
) -> None:
    """As after an upgrade that adds a column: nothing that the table is made of changed, and still the table gets it."""
    project = runs["scheduled"][0].copy_to(tmp_path / table)
    values = f"select count({column}) from tiny__{table}"
    before = project.value(values)
    assert before > 0
    with duckdb.connect(str(project.database)) as connection:
        connection.execute(f"alter table tiny__{table} drop column {column}")
    assert f"tiny__{table}" not in quiet_models(project.dbt("build", "--selector", "scheduled"))
    assert project.value(values) == before
    assert f"tiny__{table}" in quiet_models(project.dbt("run", "--select", f"tiny__{table}"))


def test_a_lost_column_comes_back_where_nothing_is_written(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path
) -> None:
    """No entity was deleted, so the table has no rows to mark and the run none to write."""
    project = runs["scheduled"][0].copy_to(tmp_path / "deletions")
    with duckdb.connect(str(project.database)) as connection:
        connection.execute("alter table ml_deletions drop column reason")
    result = project.dbt("run", "--select", "ml_deletions", check=0)
    assert quiet_models(result) == {"ml_deletions"}
    assert project.query("select reason from ml_deletions") == []


def test_checks_follow_the_code_of_the_metrics(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path
) -> None:
    """The code of the metrics changed: the checks are judged again once the view of the metrics is built, and not before."""
    project = runs["whole"][0].copy_to(tmp_path / "changed_code")
    project.replace(
        "macros/metrics/metrics.sql",
        "{{ ml_monitor.by_metric(own, key) | indent(8) }}",
        "{{ '0' if column == 'sample_size' else ml_monitor.by_metric(own, key) | indent(8) }}",
    )
    assert "tiny__checks" in quiet_models(project.dbt("run", "--select", "tiny__checks", check=0))
    result = project.dbt("run", "--select", "tiny__metrics", "tiny__checks", check=0)
    assert "tiny__checks" not in quiet_models(result)
    assert project.value("select count(*) from tiny__checks where sample_size > 0") == 0


def test_another_hash_of_keys_fails_also_where_nothing_is_new(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path
) -> None:
    project = runs["whole"][0].copy_to(tmp_path / "hash")
    with duckdb.connect(str(project.database)) as connection:
        connection.execute("update tiny__inferences_log set ml_key_hash = ml_key_hash + 1")
    result = project.dbt("build", "--selector", "scheduled", check=1)
    assert "dbt build --full-refresh -s tiny__inferences_log+" in result.errors["tiny__inferences_log"]


def test_many_changed_hours_and_times_before_the_first_hour(tmp_path: Path) -> None:
    """After a long outage, and with rows that are older than any hour, a run ends as a full refresh does."""
    tables = ["inferences_log", "labels_log", "hourly_volume"]
    built = ["--select", *(f"+tiny__{table}" for table in tables)]
    many = tiny_monitor.new_project(tmp_path / "many", {"tiny": tiny_monitor.generate(days=11)})
    many.dbt("run", *built, env={"ML_AS_OF": str(tiny_monitor.START + pd.Timedelta(days=1))}, check=0)
    many.dbt("run", *built, check=0)
    refreshed = many.copy_to(tmp_path / "refreshed")
    refreshed.dbt("run", *built, "--full-refresh", check=0)
    assert many.value("select count(*) from tiny__inferences_log") == 11 * tiny_monitor.ROWS_PER_DAY
    assert all_differences(many, refreshed) == []
    # The first hour there is stands for all times before it.
    raw = many.raw / "tiny" / "inferences.parquet"
    early = [f"timestamp '{time}'" for time in ("0044-03-15 (BC) 12:00:00", "0001-01-01 00:20:00")]
    row = f"(from '{raw}' order by prediction_id limit 1)"
    more = [
        f"select * replace ({time} as ingest_time, 'early_{number}' as prediction_id) from {row}"
        for number, time in enumerate(early)
    ]
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (from '{raw}' union all {' union all '.join(more)}) to '{raw}.new' (format parquet)"
        )
    raw.with_name(f"{raw.name}.new").replace(raw)
    many.dbt("run", *built, check=0)
    first_hour = "select count(*) from tiny__inferences_log where ml_ingest_hour = timestamp '0001-01-01'"
    assert many.value(first_hour) == len(early)
    refreshed = many.copy_to(tmp_path / "refreshed_again")
    refreshed.dbt("run", *built, "--full-refresh", check=0)
    assert all_differences(many, refreshed) == []


def test_labels_that_come_later_change_the_joins(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path
) -> None:
    """No prediction is new two days later, and those of the last day have found their labels."""
    later = {"ML_AS_OF": str(tiny_monitor.END + pd.Timedelta(days=2))}
    grown = runs["scheduled"][0].copy_to(tmp_path / "grown")
    matched = "select sum(matched_rows) from ml_join_cardinality where window_grain = 'day' and join_name = 'labels'"
    before = grown.value(matched)
    grown.dbt("run", *BUILD[1:], env=later, check=0)
    assert grown.value(matched) > before
    refreshed = grown.copy_to(tmp_path / "refreshed")
    refreshed.dbt("run", *BUILD[1:], "--full-refresh", env=later, check=0)
    assert all_differences(grown, refreshed) == []


def test_hooks_of_a_model_with_nothing_to_write_run(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path
) -> None:
    project = runs["whole"][0].copy_to(tmp_path / "hooks")
    hook = "create or replace table hooked as select count(*) as row_count from {{ this }}"
    project.replace(
        "dbt_project.yml", "    fleet:", f"    monitors:\n      +post-hook: {json.dumps(hook)}\n    fleet:"
    )
    assert "tiny__grid" in quiet_models(project.dbt("run", "--select", "tiny__grid", check=0))
    assert project.value("select row_count from hooked") == project.value("select count(*) from tiny__grid")


def test_models_of_others_are_built_as_dbt_builds_them(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path
) -> None:
    """dbt's own materializations are not overridden: an incremental model of the user's is built as dbt builds it."""
    project = runs["whole"][0].copy_to(tmp_path / "others")
    project.remove("models/consumers/tiny_consumer.sql")
    project.write(
        "models/consumers/others.sql",
        "{{ config(materialized='incremental', pre_hook='create table if not exists hooked as select 1 as one') }}\n"
        "-- nothing to write, or so it says\nselect 1 as one {{ 'union all select 2' if is_incremental() }}\n",
    )
    project.dbt("build", "--select", "others", check=0)
    result = project.dbt("build", "--select", "others", check=0)
    assert quiet_models(result) == set()
    assert project.query("select one from others order by one") == [(1,), (1,), (2,)]
    assert project.value("select count(*) from hooked") == 1

"""The selector ``scheduled``: an hourly run without what changes only with the code ends as dbt build does."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_monitor
from compare import all_differences
from conftest import Project, Result


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Project, Result]]:
    """A last day whose amounts moved, added to what dbt build made of the days before: once by each command."""
    frames = tiny_monitor.generate()
    inferences = frames["inferences"]
    inferences.loc[inferences["event_time"] >= tiny_monitor.LAST_DAY, "amount"] += 30
    folder = tmp_path_factory.mktemp("scheduled")
    project = tiny_monitor.new_project(folder / "whole", {"tiny": frames})
    waits = "{{ config(materialized='table') }}\n{{ ml_monitor.require_gate('tiny') }}\n"
    project.write(
        "models/consumers/tiny_consumer.sql", waits + "select * from {{ ref('tiny__inferences') }}\n"
    )
    project.dbt("build", env={"ML_AS_OF": str(tiny_monitor.LAST_DAY)}, check=0)
    other = project.copy_to(folder / "scheduled")
    return {
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
    for _, result in runs.values():
        assert "FAIL  tiny drift: amount PSI" in result.output


def test_only_views_and_seeds_are_left_out(runs: dict[str, tuple[Project, Result]]) -> None:
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
    parents = {parent.split(".")[0] for name in tests for parent in nodes[name]["depends_on"]["nodes"]}
    assert parents == {"seed"}


def test_a_model_with_nothing_to_write_says_so(
    runs: dict[str, tuple[Project, Result]], tmp_path: Path
) -> None:
    """A second run at the same moment; what it leaves is what was there, and dbt compile still gives the whole select."""
    scheduled, first = runs["scheduled"]
    again = scheduled.copy_to(tmp_path / "again")
    assert again.dbt("build", "--selector", "scheduled").failing_tests == first.failing_tests
    folder = "target/compiled/ml_monitor/models/monitors/tiny/"
    for table in ("hourly_profile", "hourly_outcomes", "data_quality", "drift", "performance", "volume"):
        assert "nothing to write" in again.read(f"{folder}tiny__{table}.sql")
        assert "nothing to write" not in scheduled.read(f"{folder}tiny__{table}.sql")
    assert all_differences(scheduled, again) == []
    again.dbt("compile", "--select", "tiny__drift")
    assert "final as (" in again.read(f"{folder}tiny__drift.sql")

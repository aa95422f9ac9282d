"""What dbt sees while it parses: the configuration of a model and what it reads, but no SQL and nothing of the hour."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import tiny_monitor
from conftest import Project, Result

# What is read only if columns are declared so, which is not known while dbt parses:
# exact_distinct, columns without a training set, a regression.
IF_DECLARED = {
    "tiny__data_quality": {"model.ml_monitor.tiny__inferences_log"},
    "tiny__performance": {"model.ml_monitor.tiny__grid"},
    # With objectives, and where ML_AS_OF is not given.
    "ml_objectives": {"model.ml_monitor.ml_checks"},
    "ml_incident_findings": {"model.ml_monitor.ml_runs"},
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[Result]]:
    """A monitor with every part that has a table, built as of two days: the second run adds to the tables."""
    frames = tiny_monitor.with_truth(tiny_monitor.generate(days=9, rows_per_day=200))
    project = tiny_monitor.new_project(
        tmp_path_factory.mktemp("parsing") / "project", {"tiny": frames}, ["relations"], fleet=True
    )
    meta = "          relations: [[amount, hits]]\n"
    project.replace(
        "models/staging/tiny/_tiny.yml",
        "          late_after_minutes: 60\n",
        f"          late_after_minutes: 60\n{meta}",
    )
    days = [str(tiny_monitor.START + pd.Timedelta(days=number)) for number in (6, 8)]
    return project, [
        project.dbt("build", "--exclude-resource-type", "test", "unit_test", env={"ML_AS_OF": day}, check=0)
        for day in days
    ]


def reads_of(result: Result) -> dict[str, tuple[set[str], set[str]]]:
    """Of each model of the monitor, and of the fleet views: what it is declared to read, and what its SQL names."""
    nodes = result.manifest["nodes"]
    relations = {node.get("relation_name"): name for name, node in nodes.items() if node.get("relation_name")}
    found = {}
    for name, node in nodes.items():
        if (
            node["resource_type"] == "model"
            and not node["name"].startswith("stg_")
            and node.get("compiled_code")
        ):
            named = {
                relations[one]
                for one in re.findall(r'"\w+"\."\w+"\."\w+"', node["compiled_code"])
                if one in relations
            }
            found[node["name"]] = (set(node["depends_on"]["nodes"]), named - {name})
    return found


@pytest.mark.parametrize("number", [0, 1], ids=["first_run", "second_run"])
def test_what_a_model_reads_is_known_when_dbt_parses(runs: tuple[Project, list[Result]], number: int) -> None:
    reads = reads_of(runs[1][number])
    assert len(reads) > 40
    unread = {name: declared - named for name, (declared, named) in reads.items() if declared - named}
    assert unread == IF_DECLARED
    # rows_query names the relations of the rows behind a finding as text, which depends on no model.
    undeclared = {name: named - declared for name, (declared, named) in reads.items() if named - declared}
    assert set(undeclared) <= {"tiny__checks"}


def test_no_sql_is_made_while_dbt_parses(tmp_path: Path) -> None:
    """A macro that makes SQL for drift and stops dbt is not noticed by dbt parse, but by dbt compile."""
    project = tiny_monitor.new_project(
        tmp_path / "project", {"tiny": tiny_monitor.generate(days=1, rows_per_day=10)}
    )
    project.replace(
        "macros/metrics/drift.sql",
        "{% macro drift_select(monitor) %}\n",
        "{% macro drift_select(monitor) %}\n    {%- do exceptions.raise_compiler_error('this is SQL') -%}\n",
    )
    project.dbt("parse", check=0)
    assert "this is SQL" in project.dbt("compile", "--select", "tiny__drift").output


@pytest.mark.parametrize("variable", ["ML_AS_OF", "ML_REBUILD_FROM"])
def test_what_changes_by_the_hour_parses_nothing_again(
    runs: tuple[Project, list[Result]], variable: str
) -> None:
    project, _ = runs
    parsed = project.dbt("--log-level", "debug", "parse", env={variable: "2025-01-05 03:00:00"}, check=0)
    assert "Partial parsing enabled: 0 files deleted, 0 files added, 0 files changed" in parsed.output
    assert "Unable to do partial parsing" not in parsed.output

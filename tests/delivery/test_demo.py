"""Delivery reads the fleet views of the demo as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Project, Result
from fleet_tables import Script

Built = tuple[Project, Result]


@pytest.fixture(scope="module")
def demo(full_build: Built, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the built demo."""
    return full_build[0].copy_to(tmp_path_factory.mktemp("delivery") / "project")


def printed(project: Project, script: str, *args: str) -> str:
    """What a script says that must succeed."""
    run = Script(script, args, project.folder, project.environment())
    assert run.wait() == 0, run.output
    return run.output


def test_a_dry_run_lists_what_is_open_and_changes_nothing(demo: Project) -> None:
    output = printed(demo, "notify.py")
    due = set(re.findall(r"opened .* incident (\w{32})", output))
    told = "severity <> 'info' and muted_by is null"
    wanted = demo.query(
        f"""
        select incident_id from ml_incidents
        where {told} and (state = 'open' or resolved_at >= timestamp '2014-01-01' - interval 72 hour)
        """
    )
    assert due == {number for (number,) in wanted} != set()
    assert "dry run: nothing was sent" in output
    assert "ml_notifications" not in demo.relations()


def test_the_export_agrees_with_the_views_and_is_small(demo: Project) -> None:
    lines = [line for line in printed(demo, "export_metrics.py").splitlines() if not line.startswith("#")]
    found = {
        tuple(re.findall(r'"([^"]*)"', line)): float(line.split()[-1])
        for line in lines
        if "gate_checks" in line
    }
    views = demo.query("select category, monitor, status, count(*) from ml_gates group by 1, 2, 3")
    assert {key: value for key, value in found.items() if value} == {tuple(row[:3]): row[3] for row in views}
    failing = demo.query("select distinct monitor, category from ml_gates where status = 'fail'")
    assert len(failing) == sum(value > 0 for key, value in found.items() if key[2] == "fail") > 0
    objectives = len({line for line in lines if "budget_left" in line})
    monitors = {line.split('monitor="')[1].split('"')[0] for line in lines if 'monitor="' in line}
    assert monitors == {"flight_delay", "flight_air_time"}
    assert len(lines) <= 1 + 41 * len(monitors) + 4 * objectives


def test_gate_tests_say_to_elementary_whose_they_are(full_build: Built) -> None:
    tests = {
        node["name"]: node["config"]["meta"]
        for node in full_build[1].manifest["nodes"].values()
        if "__gate_" in node["name"] and node["resource_type"] == "test"
    }
    assert len(tests) == 12
    for name, meta in tests.items():
        category = name.rpartition("_")[2]
        assert meta == {
            "owner": "ops-ml@example.com",
            "channel": "ops-ml",
            "description": f"Checks of the {category} gate. If it fails: docs/gates/{category}.md",
        }
        page = Path(__file__).parents[2] / meta["description"].split()[-1]
        assert page.exists()

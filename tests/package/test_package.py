"""ml_monitor as a package in another project: what works only from our own root does not work."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import scaffold
import tiny_monitor
import yaml
from conftest import PROJECT_PARTS, ROOT, Project, Result
from results import quiet_models

LIMITS = {"models": 20, "tests": 10, "lines of YAML": 80}
# Their access is public, since views of another package read them.
READ_BY_FLEET = {
    "baseline_windows",
    "checks",
    "data_quality",
    "drift",
    "history",
    "metrics",
    "performance",
    "window_metrics",
}
FOR_PEOPLE = {"inferences", "labels", "quarantine", "gate"}


class Consumer(Project):
    """A project that installs ml_monitor and has one monitor, `tiny`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, as_of=tiny_monitor.AS_OF)
        for part in PROJECT_PARTS:
            if part != "profiles":
                path = folder / part
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        settings = {
            "name": "consumer",
            "version": "1.0.0",
            "config-version": 2,
            "profile": "ml_monitor",
            "restrict-access": True,
            "flags": {"send_anonymous_usage_stats": False},
            "models": {"ml_monitor": {"fleet": {"+schema": "monitoring"}}},
            "vars": {
                "ml_monitors": {"tiny": ["labels", "reference", "customer"]},
                "ml_maintenance_windows": "planned_stops",
            },
        }
        self.write("dbt_project.yml", yaml.safe_dump(settings, sort_keys=False))
        self.write("packages.yml", yaml.safe_dump({"packages": [{"local": str(ROOT)}]}))
        stop = f"*,{tiny_monitor.START},{tiny_monitor.START + pd.Timedelta(hours=2)}"
        self.write("seeds/planned_stops.csv", f"monitor,starts_at,ends_at\n{stop}\n")
        tiny_monitor.add_monitor(self, "tiny", tiny_monitor.generate())


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Consumer, list[Result]]:
    """Two builds at the same moment: the second has nothing new."""
    project = Consumer(tmp_path_factory.mktemp("package") / "consumer")
    project.dbt("deps", check=0)
    # Nothing of the demo is missed: no warning of a disabled source or a reference to another package.
    assert "WARNING" not in project.dbt("parse", "--no-partial-parse", check=0).output
    return project, [project.dbt("build", check=0) for _ in range(2)]


def own_models(result: Result) -> dict[str, dict]:
    """The models of the consumer's monitor, by the part of their name after `tiny__`."""
    nodes = result.manifest["nodes"].values()
    models = [
        node for node in nodes if node["resource_type"] == "model" and node["name"].startswith("tiny__")
    ]
    return {node["name"].removeprefix("tiny__"): node for node in models}


def test_maintenance_windows_are_the_users_own(runs: tuple[Consumer, list[Result]]) -> None:
    project, _ = runs
    first_day = project.frame(
        "select reason, window_start from tiny__baseline_windows order by window_start"
    ).iloc[0]
    assert first_day["reason"] == "maintenance"
    hours = project.frame(
        "select distinct window_start from tiny__checks where reason = 'maintenance' and window_grain = 'hour'"
    )
    assert len(hours) == 2
    # Two hours are less than a tenth of 28 days.
    long = project.frame(
        "select distinct reason from tiny__checks where window_grain = '28_days' and metric = 'psi'"
    )
    assert "maintenance" not in set(long["reason"])


def test_the_windows_of_a_monitor_are_said(runs: tuple[Consumer, list[Result]]) -> None:
    (row,) = runs[0].query("select judged_windows, baseline_day_rows from main_monitoring.ml_monitors")
    assert row == ("day, 28_days", 1000)


def test_a_monitor_is_light(runs: tuple[Consumer, list[Result]]) -> None:
    project, (first, _) = runs
    tests = [
        node
        for node in first.manifest["nodes"].values()
        if node["resource_type"] == "test" and "tiny__" in json.dumps(node["depends_on"]["nodes"])
    ]
    files = list(project.folder.glob("models/monitors/tiny/*.yml"))
    found = {
        "models": len(own_models(first)),
        "tests": len(tests),
        "lines of YAML": len(files[0].read_text(encoding="utf-8").splitlines()),
    }
    assert len(files) == 1
    assert {name: count for name, count in found.items() if count > LIMITS[name]} == {}


def test_contracts_and_access_are_where_people_look(runs: tuple[Consumer, list[Result]]) -> None:
    """With restrict-access, as here, other packages may read public models only: the views over all monitors do."""
    models = own_models(runs[1][0])
    contracts = {name for name, node in models.items() if node["config"]["contract"]["enforced"]}
    public = {name for name, node in models.items() if node["config"]["access"] == "public"}
    assert contracts == FOR_PEOPLE
    assert public == FOR_PEOPLE | READ_BY_FLEET
    for name in FOR_PEOPLE - {"gate"}:
        staged = runs[1][0].manifest["nodes"][
            f"model.consumer.stg_tiny__{'labels' if name == 'labels' else 'inferences'}"
        ]
        assert list(models[name]["columns"])[: len(staged["columns"])] == list(staged["columns"])


def test_a_second_run_leaves_the_tables_as_they_are(runs: tuple[Consumer, list[Result]]) -> None:
    _, (_, second) = runs
    tables = {
        name
        for name, node in own_models(second).items()
        if node["config"]["materialized"] == "ml_monitor_table"
    }
    assert {f"tiny__{name}" for name in tables} - quiet_models(second) == {"tiny__history"}


def test_the_fleet_views_have_their_schema_and_nothing_else_is_in_it(
    runs: tuple[Consumer, list[Result]],
) -> None:
    project, (first, _) = runs
    rows = project.query("select table_schema, table_name from information_schema.tables")
    shown = {name for schema, name in rows if schema == "main_monitoring"}
    assert shown == {f"ml_{name}" for name in fleet_names()}
    assert ("main", "ml_deletions") in rows
    assert project.value("select count(*) from main_monitoring.ml_volume") > 0
    assert not any(name.startswith("flight") for _, name in rows), "the demo is switched off"
    assert "tiny: all gates pass" in first.output


def fleet_names() -> set[str]:
    """The fleet views, without `ml_`."""
    views = yaml.safe_load(scaffold.FLEET_FILE.read_text(encoding="utf-8"))
    return {name.removeprefix("ml_") for name in views}


def test_a_gate_fails_here_too(runs: tuple[Consumer, list[Result]], tmp_path: Path) -> None:
    project = runs[0].copy_to(tmp_path / "broken")
    frames = tiny_monitor.generate()
    last = frames["inferences"]["event_time"] >= tiny_monitor.LAST_DAY
    frames["inferences"].loc[last, "amount"] += 30
    project.raw = tmp_path / "raw"
    tiny_monitor.write_frames(project.raw / "tiny", frames)
    shutil.rmtree(project.folder / "target")
    project.database.unlink()
    result = project.dbt("build", check=1)
    assert result.failing_tests == {"tiny__gate_drift"}
    assert "FAIL  tiny drift: amount PSI" in result.output


def test_a_column_that_staging_has_and_the_contract_lacks_is_a_fault(
    runs: tuple[Consumer, list[Result]], tmp_path: Path
) -> None:
    project = runs[0].copy_to(tmp_path / "column")
    project.follow_staging = lambda: None
    staging = "models/staging/tiny/_tiny.yml"
    line = "      - {name: status, data_type: string, config: {meta: {role: status}}}\n"
    project.replace(staging, line, line + "      - {name: region, data_type: string}\n")
    result = project.dbt("build")
    assert result.exit_code != 0
    assert "models/monitors/tiny/_tiny__monitor.yml: tiny__inferences.columns" in result.output
    assert "found:   without region string" in result.output
    command = "dbt_packages/ml_monitor/scripts/scaffold.py tiny --parts labels reference customer --force"
    assert f"python {command}" in result.output

"""What scripts/report.py says when it cannot read, and what it writes of little; tests/browser opens what it writes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import report_fleet
from conftest import ROOT
from report_data import blocks


def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    command = [sys.executable, str(ROOT / "scripts" / "report.py"), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One monitor of four columns over 35 days. Read only."""
    return report_fleet.build(tmp_path_factory.mktemp("fleet") / "fleet.duckdb", 1, 4, 35)


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    done = run("--database", tmp_path / "none.duckdb")
    assert (done.returncode, done.stderr) == (
        1,
        f"report: {tmp_path / 'none.duckdb'} does not exist; build it first (dbt build)\n",
    )


def test_a_folder_without_a_project(tmp_path: Path) -> None:
    done = run("--project-dir", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"report: {tmp_path / 'dbt_project.yml'} does not exist")


def test_a_database_without_the_views(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    done = run("--database", tmp_path / "empty.duckdb")
    assert done.stderr == (
        "report: no ml_monitors, ml_gates, ml_checks in empty.duckdb; build the fleet views first (dbt build)\n"
    )


def test_wrong_options_are_refused(fleet: Path) -> None:
    assert "--days 0: give 1 or more" in run("--database", fleet, "--days", "0").stderr
    assert "leave out --profiles-dir and --target" in run("--database", fleet, "--target", "x").stderr


def test_the_views_that_are_there_are_enough(fleet: Path, tmp_path: Path) -> None:
    """Without views that the project has not built, what they say is left out."""
    small = tmp_path / "small.duckdb"
    small.write_bytes(fleet.read_bytes())
    with duckdb.connect(str(small)) as connection:
        for (name,) in connection.execute("select table_name from information_schema.tables").fetchall():
            if name not in ("ml_monitors", "ml_gates", "ml_checks"):
                connection.execute(f"drop table {name}")
    done = run("--database", small, "--out", tmp_path / "small.html")
    assert done.returncode == 0, done.stderr
    data = blocks(tmp_path / "small.html")
    assert data["fleet"]["has_incidents"] is False
    assert [one["name"] for one in data["fleet"]["monitors"]] == ["model_00"]
    assert data["fleet"]["monitors"][0]["failing"] == 2


def test_days_limit_how_far_back_it_reaches(fleet: Path, tmp_path: Path) -> None:
    done = run("--database", fleet, "--out", tmp_path / "week.html", "--days", "7")
    assert done.returncode == 0, done.stderr
    assert blocks(tmp_path / "week.html")["monitors-0"]["day_count"] == 7


def test_the_exposure_names_the_views_that_it_reads() -> None:
    reading = (ROOT / "scripts/report_page/reading.py").read_text(encoding="utf-8")
    declared = (ROOT / "models/consumers/_consumers.yml").read_text(encoding="utf-8")
    exposure = declared.split("- name: ml_monitor_report")[1].split("- name: ")[0]
    assert set(re.findall(r"ref\('(\w+)'\)", exposure)) == set(re.findall(r'"(ml_\w+)"', reading)) & set(
        re.findall(
            r"^  - name: (ml_\w+)", (ROOT / "models/fleet/_fleet.yml").read_text("utf-8"), re.MULTILINE
        )
    )

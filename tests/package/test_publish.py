"""The copy for BI tools (scripts/publish.py): what is in it, and what becomes of it when it cannot be made.

test_publish_reader.py reads it while dbt builds.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import publish_project
import pytest
from conftest import ROOT, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four small models."""
    return publish_project.new_project(tmp_path / "project")


def run_publish(project: Project, *args: str) -> subprocess.CompletedProcess[str]:
    """The command, in the project."""
    command = [
        sys.executable,
        str(ROOT / "scripts" / "publish.py"),
        "--database",
        project.database.name,
        *args,
    ]
    return subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False)


def tables(file: Path) -> set[str]:
    """The tables of a DuckDB file."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}


def test_the_copy_has_public_tables_with_their_comments(project: Project, tmp_path: Path) -> None:
    project.dbt("run", "--select", "path:models/own", check=0)
    copy = tmp_path / "copy.duckdb"
    finished = run_publish(project, "--to", str(copy))
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith(f"published 2 tables to {copy} in ")
    assert tables(copy) == {"many", "one"}
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute(
            "select comment from duckdb_columns() where table_name = 'many'"
        ).fetchall() == [("Number of the build, isn't it.",)]
        assert connection.execute(
            "select comment from duckdb_tables() where table_name = 'many'"
        ).fetchone() == ("A thousand rows.",)
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute("create table t (a int)")
    assert run_publish(project, "--to", str(copy), "--select", "o*").returncode == 0
    assert tables(copy) == {"one", "other"}


def test_what_cannot_be_published_leaves_the_copy_as_it_was(project: Project, tmp_path: Path) -> None:
    """Each message says what to do."""
    copy = tmp_path / "copy.duckdb"
    missing = run_publish(project, "--to", str(copy))
    assert "target/manifest.json does not exist: dbt build writes it" in missing.stderr
    project.dbt("run", "--select", "path:models/own", check=0)
    assert run_publish(project, "--to", str(copy)).returncode == 0
    before = copy.read_bytes()

    unknown = run_publish(project, "--to", str(copy), "--select", "hidden", "many")
    assert "found hidden, which matches no public model; allowed: a pattern of many, " in unknown.stderr
    itself = run_publish(project, "--to", "test.duckdb")
    assert "is the database that dbt writes: give the copy another name" in itself.stderr
    folder = run_publish(project, "--to", str(copy), "--format", "parquet")
    assert "is not a link that --format parquet has made" in folder.stderr
    with duckdb.connect(str(project.database)) as connection:
        writing = run_publish(project, "--to", str(copy))
        assert "cannot be read while another process writes it: publish after dbt has ended" in writing.stderr
        connection.execute("create or replace view other as select error('broken') as a")
    broken = run_publish(project, "--to", str(copy), "--select", "*")
    assert "broken" in broken.stderr
    assert {one.returncode for one in (missing, unknown, itself, folder, writing, broken)} == {1}
    assert copy.read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if ".new" in path.name]


def test_a_run_publishes_what_it_has_left(project: Project, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    given = {"ml_publish_to": str(copy), "ml_publish_select": ["m*"]}
    project.write("tests/never.sql", "select * from {{ ref('many') }}")
    built = project.dbt("build", "--select", "path:models/own", "path:tests/never.sql", vars=given, check=1)
    assert f"ml_monitor  published 1 tables to {copy}" in built.output
    assert built.failing_tests == {"never"}
    assert tables(copy) == {"many"}
    copy.unlink()
    # Tests alone change nothing.
    project.dbt("test", "--select", "path:tests/never.sql", vars=given, check=1)
    assert not copy.exists()


def test_a_run_without_the_plugin_is_refused_at_its_start(project: Project, tmp_path: Path) -> None:
    project.replace("profiles/profiles.yml", publish_project.PLUGIN, "")
    refused = project.dbt("run", vars={"ml_publish_to": str(tmp_path / "copy"), "ml_publish_format": "csv"})
    assert refused.exit_code != 0
    assert "ml_monitor.outputs.duckdb.plugins" in refused.output
    assert "    - module: publish" in refused.output
    assert "duckdb, parquet" in refused.output
    assert project.relations() == {}

"""A reader never waits and never meets an error while dbt builds: it reads the published copy (scripts/publish.py)."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Project

# Reads until it is told to stop: each time it opens the copy anew, as a BI tool does. Prints what it saw.
READER = """
import json, sys, time
from pathlib import Path
import duckdb

form, target, stop = sys.argv[1], sys.argv[2], Path(sys.argv[3])
seen, reads, last = set(), 0, False
while not last:
    last = stop.exists()
    if form == "duckdb":
        with duckdb.connect(target, read_only=True) as connection:
            rows = connection.execute(
                "select (select count(*) from many), (select max(build) from one), (select min(build) from many)"
            ).fetchone()
    else:
        many, one = (f"read_parquet('{target}/{name}.parquet')" for name in ("many", "one"))
        with duckdb.connect() as connection:
            rows = connection.execute(f"select (select count(*) from {many}), null, (select min(build) from {many})").fetchone()
    assert rows[0] == 1000, rows
    assert rows[1] in (None, rows[2]), rows
    seen.add(rows[2])
    reads += 1
    time.sleep(0.01)
print(json.dumps([reads, len(seen)]))
"""
MODELS = """
models:
  - name: many
    description: A thousand rows.
    config: {access: public, contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    columns:
      - {name: build, data_type: bigint, description: "Number of the build, isn't it."}
  - name: one
    description: One row.
    config: {access: public, contract: {enforced: true}}
    columns:
      - {name: build, data_type: bigint}
  - {name: other, description: Not in a contract., config: {access: public}}
  - {name: hidden, description: Not public.}
"""
PLUGIN = f"""      module_paths: ["{ROOT / "scripts"}"]
      plugins:
        - module: publish
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of four small models and no monitor, whose profile has the plugin."""
    project = Project(tmp_path / "project")
    project.keep_only({})
    project.write("models/own/_own.yml", MODELS)
    number = "cast({{ env_var('BUILD', '0') }} as bigint) as build"
    project.write("models/own/one.sql", "{{ config(materialized='table') }} select " + number)
    project.write(
        "models/own/many.sql",
        "{{ config(materialized='table') }} select one.build from {{ ref('one') }} as one cross join range(1000)",
    )
    project.write("models/own/other.sql", "select 1 as a")
    project.write("models/own/hidden.sql", "select 1 as a")
    project.replace("profiles/profiles.yml", "      settings:\n", f"{PLUGIN}      settings:\n", 1)
    return project


# Many builds in one process, which has dbt imported once.
BUILDER = """
import os, sys
from pathlib import Path
from dbt.cli.main import dbtRunner

given, ready, builds = sys.argv[1:4]
options = ["--vars", given]
# The manifest of now is good for all: a build reads its number when it compiles.
runner = dbtRunner(manifest=dbtRunner().invoke(["--quiet", "parse", *options]).result)
for number in range(int(builds)):
    os.environ["BUILD"] = str(number)
    built = runner.invoke(["--quiet", "run", "--select", "path:models/own", *options])
    assert built.success, (number, built.exception, [one.message for one in built.result or []])
    Path(ready).touch()
"""


@pytest.mark.parametrize(("form", "builds"), [("duckdb", 50), ("parquet", 10)])
def test_a_reader_reads_through_all_builds(project: Project, tmp_path: Path, form: str, builds: int) -> None:
    """Real builds, while another process reads in a loop."""
    target, ready, stop, log = (
        tmp_path / "copies" / "copy",
        *(tmp_path / name for name in ("ready", "stop", "log")),
    )
    given = {"ml_publish_to": str(target), "ml_publish_format": form}
    project.dbt("parse", vars=given, check=0)
    command = [sys.executable, "-c", BUILDER, json.dumps(given), str(ready), str(builds)]
    with log.open("w") as output:
        run = subprocess.Popen(
            command, cwd=project.folder, env=project.environment(), stdout=output, stderr=output
        )
        while run.poll() is None and not ready.exists():
            time.sleep(0.1)
        reader = subprocess.Popen(
            [sys.executable, "-c", READER, form, str(target), str(stop)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            run.wait(timeout=300)
        finally:
            stop.touch()
            out, error = reader.communicate(timeout=60)
    assert run.returncode == 0, log.read_text(encoding="utf-8")[-3000:]
    assert reader.returncode == 0, error
    reads, seen = json.loads(out)
    assert reads >= builds
    assert seen >= builds // 3
    copies = [".copy.copies"] if form == "parquet" else []
    assert sorted(path.name for path in target.parent.iterdir()) == [*copies, ".copy.lock", "copy"]
    if copies:
        # That of now, and the one before for those who read it still.
        assert len(list((target.parent / ".copy.copies").iterdir())) == 2


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
    project.replace("profiles/profiles.yml", PLUGIN, "")
    refused = project.dbt("run", vars={"ml_publish_to": str(tmp_path / "copy"), "ml_publish_format": "csv"})
    assert refused.exit_code != 0
    assert "ml_monitor.outputs.duckdb.plugins" in refused.output
    assert "    - module: publish" in refused.output
    assert "duckdb, parquet" in refused.output
    assert project.relations() == {}

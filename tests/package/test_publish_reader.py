"""A reader never waits and never meets an error while dbt builds: it reads the published copy (scripts/publish.py)."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import publish_project
import pytest
from conftest import Project

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


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four small models."""
    return publish_project.new_project(tmp_path / "project")


# Many builds in one process, which has dbt imported once.
BUILDER = """
import os, sys
from pathlib import Path
from dbt.cli.main import dbtRunner

given, ready, builds = sys.argv[1:4]
options = ["--vars", given, "--no-write-json"]
# The manifest of now is good for all: a build reads its number when it compiles.
runner = dbtRunner(manifest=dbtRunner().invoke(["--quiet", "parse", *options]).result)
for number in range(int(builds)):
    os.environ["BUILD"] = str(number)
    built = runner.invoke(["--quiet", "run", "--select", "one", "many", *options])
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

"""What the suites share: a dbt project in its own folder, driven as a process of its own, and builds of the demo.

A ``Project`` is a copy of this repository's dbt project, so that a test may edit its YAML, seeds and SQL.
Builds that several suites read (``full_build``, ``april_build``) are made once a session, for all its workers:
do not write to them, nor run dbt in them, but copy them.

Environment: ``ML_TEST_CACHE`` is the folder of the demo's scored flights (default ``data/cache``).
"""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import scaffold
import tiny_monitor
from dbt_runner import Dbt, Shared
from postgres_server import postgres  # noqa: F401 (a fixture)
from spark_session import spark  # noqa: F401 (a fixture)

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("ML_TEST_CACHE", ROOT / "data" / "cache"))
PROJECT_PARTS = [
    "dbt_project.yml",
    "selectors.yml",
    "models",
    "semantic",
    "macros",
    "seeds",
    "tests/generic",
    "analyses",
    "profiles",
]
POLICIES = "seeds/ml_policy_rules.csv"
DEMO_POLICIES = "seeds/demo_policy_rules.csv"
MAINTENANCE = "seeds/ml_maintenance_windows.csv"
FULL_RANGE = {"as_of": "2014-01-01 00:00:00", "lookback_hours": 306 * 24}
APRIL = {"as_of": "2013-05-01 00:00:00", "lookback_hours": 30 * 24}


@dataclass
class Result:
    """What one invocation of dbt did."""

    args: tuple[str, ...]
    exit_code: int
    output: str
    run_results: list[dict[str, Any]] = field(default_factory=list)
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def statuses(self) -> dict[str, str]:
        """Status of each node that was run, by its name: success, error, skipped, pass, warn, fail."""
        return {self.name(one["unique_id"]): one["status"] for one in self.run_results}

    def name(self, unique_id: str) -> str:
        """Name of a node; for tests the name that YAML gave it."""
        nodes = self.manifest.get("nodes", {}) | self.manifest.get("unit_tests", {})
        return nodes[unique_id]["name"] if unique_id in nodes else unique_id

    def named(self, status: str, kind: str | None = None) -> set[str]:
        """Names of the nodes with a status; ``kind`` is model, test, seed, ..."""
        return {
            self.name(one["unique_id"])
            for one in self.run_results
            if one["status"] == status and (kind is None or one["unique_id"].startswith(f"{kind}."))
        }

    @property
    def said(self) -> str:
        """The output with the lines of the summary as they were before they were wrapped."""
        return re.sub(r"\n {4}(?=\S)", " ", self.output)

    @property
    def failing_tests(self) -> set[str]:
        """Names of the tests that failed."""
        return self.named("fail", "test")

    @property
    def warning_tests(self) -> set[str]:
        """Names of the tests that warned."""
        return self.named("warn", "test")

    @property
    def skipped_models(self) -> set[str]:
        """Names of the models that were skipped."""
        return self.named("skipped", "model")

    @property
    def errors(self) -> dict[str, str]:
        """Message of each node that ended in an error."""
        errors = [one for one in self.run_results if one["status"] == "error"]
        return {self.name(one["unique_id"]): one["message"] for one in errors}

    def message(self, name: str) -> str:
        """Message of a node."""
        return next(one["message"] for one in self.run_results if self.name(one["unique_id"]) == name)


class Project:
    """A copy of the dbt project in a folder of its own, with its own DuckDB file."""

    def __init__(self, folder: Path, raw: Path | None = None, as_of: str | None = None) -> None:
        self.folder = folder
        self.raw = raw or folder / "raw"
        self.database = folder / "test.duckdb"
        self.as_of = as_of
        folder.mkdir(parents=True, exist_ok=True)
        for part in PROJECT_PARTS:
            source, target = ROOT / part, folder / part
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
            elif source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)

    # dbt

    def environment(self, env: dict[str, str | None] | None = None) -> dict[str, str]:
        """The environment dbt runs in; a value of None removes a variable."""
        own: dict[str, str | None] = {name: None for name in os.environ if name.startswith(("ML_", "DBT_"))}
        own |= {
            "DBT_PROFILES_DIR": str(self.folder / "profiles"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
            "NO_COLOR": "1",
            "ML_UNIT_TESTS": "true",
            "ML_RAW_PATH": str(self.raw),
            # As seen from the folder that dbt runs in: what was parsed fits a copy of the project, too.
            "ML_DUCKDB_PATH": self.database.name,
            "DBT_LOG_LEVEL_FILE": "none",
            "ML_AS_OF": self.as_of,
        }
        merged = os.environ | own | (env or {})
        return {name: value for name, value in merged.items() if value is not None}

    def start_dbt(self, *args: str, env: dict[str, str | None] | None = None) -> Dbt:
        """Start dbt here and do not wait for it."""
        return Dbt(["--no-use-colors", *args], self.folder, self.environment(env))

    def dbt(
        self,
        *args: str,
        env: dict[str, str | None] | None = None,
        vars: dict[str, Any] | None = None,
        check: int | None = None,
    ) -> Result:
        """Run dbt here; ``check`` is the exit code to insist on. Times out after ten minutes."""
        self.follow_staging()
        artifact = self.folder / "target" / "run_results.json"
        artifact.unlink(missing_ok=True)
        given = () if vars is None else ("--vars", json.dumps(vars))
        run = self.start_dbt(*args, *given, env=env)
        run.wait()
        result = Result(args, run.returncode, run.output)
        manifest = self.folder / "target" / "manifest.json"
        if manifest.exists():
            result.manifest = json.loads(manifest.read_text(encoding="utf-8"))
        if artifact.exists():
            result.run_results = json.loads(artifact.read_text(encoding="utf-8"))["results"]
        if check is not None and result.exit_code != check:
            said = f"dbt {' '.join(args)} exited {result.exit_code}, not {check}"
            raise AssertionError(f"{said}:\n{result.output}")
        return result

    # The database

    def query(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query on the DuckDB file."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql, parameters or []).fetchall()

    def frame(self, sql: str) -> pd.DataFrame:
        """Result of a query on the DuckDB file as a DataFrame."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql).df()

    def value(self, sql: str) -> Any:
        """The single value of a query."""
        ((value,),) = self.query(sql)
        return value

    def relations(self) -> dict[str, str]:
        """Every relation of the database and its type; empty if there is no database yet."""
        if not self.database.exists():
            return {}
        return dict(self.query("select table_name, table_type from information_schema.tables"))

    # Files

    def read(self, file: str) -> str:
        """Text of a file of the project."""
        return (self.folder / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> Path:
        """Write a file of the project, with its folders."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def replace(self, file: str, old: str, new: str, count: int = -1) -> None:
        """Replace text in a file of the project, which must be there."""
        text = self.read(file)
        changed = text.replace(old, new, count)
        assert changed != text, f"{old!r} is not in {file}, so nothing would change"
        self.write(file, changed)

    def append(self, file: str, text: str) -> None:
        """Add lines to a file of the project."""
        before = self.read(file)
        self.write(file, before + ("" if before.endswith("\n") else "\n") + text)

    def remove(self, *parts: str) -> None:
        """Remove files or folders of the project, which must be there."""
        for part in parts:
            path = self.folder / part
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def copy_to(self, folder: Path) -> Project:
        """A copy with everything, what was built included; it no longer depends on this one."""
        shutil.copytree(self.folder, folder, symlinks=True)
        other = copy(self)
        other.folder, other.database = folder, folder / self.database.name
        return other

    def keep_only(self, monitors: dict[str, list[str]], fleet: bool = False) -> None:
        """Remove all that speaks of the demo's monitors and list these instead; the fleet views stay if ``fleet``.

        No monitor needs the fleet views, and they are a third of the nodes of a project with one monitor.
        """
        others = ("models/staging", "models/monitors", "models/consumers", "analyses")
        for part in others if fleet else (*others, "models/fleet"):
            shutil.rmtree(self.folder / part, ignore_errors=True)
        self.write(DEMO_POLICIES, self.read(DEMO_POLICIES).splitlines()[0] + "\n")
        self.append("dbt_project.yml", f"\nvars:\n  ml_monitors: {json.dumps(monitors)}\n")

    def scaffold(self, monitor: str, parts: list[str]) -> None:
        """Write the models of a monitor with scripts/scaffold.py."""
        command = [sys.executable, str(ROOT / "scripts" / "scaffold.py"), monitor]
        command += ["--project-dir", str(self.folder), *(["--parts", *parts] if parts else [])]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stdout + finished.stderr

    def follow_staging(self) -> None:
        """Write the contracts of monitors whose staging YAML was changed since, as the scaffold does with --force."""
        models = self.folder / "models"
        for written in models.glob("monitors/*/_*__monitor.yml"):
            monitor = written.parent.name
            staged = [path.stat().st_mtime for path in models.glob(f"staging/{monitor}/*.yml")]
            text = written.read_text(encoding="utf-8")
            command = re.search(r"scaffold.py \S+(?: --parts ([\w ]+?))?( --demo)? writes it;", text)
            if command and staged and max(staged) > written.stat().st_mtime:
                parts, demo = (command[1] or "").split(), bool(command[2])
                written.write_text(scaffold.monitor_yaml(monitor, parts, models, demo), encoding="utf-8")


def prepare_demo(out: Path, *args: str) -> Path:
    """Write the demo's raw logs (scripts/prepare_demo.py); a second call with the same arguments is quick."""
    command = [sys.executable, str(ROOT / "scripts" / "prepare_demo.py")]
    command += ["--out", str(out), "--cache", str(CACHE), *args]
    out.mkdir(parents=True, exist_ok=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".lock").open("w") as cache, (out / ".lock").open("w") as lock:
        # Two workers share the cache, whose models one of them trains, and two sessions share the folder.
        fcntl.flock(cache, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_EX)
        finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return out


def build_demo(name: str, raw: Path, as_of: str, lookback_hours: int) -> tuple[Project, Result]:
    """The demo, built up to ``as_of`` once a session."""

    def make(folder: Path) -> None:
        project = Project(folder / "project", raw=raw, as_of=as_of)
        result = project.dbt("build", vars={"ml_gate_lookback_hours": lookback_hours})
        (folder / "built.pickle").write_bytes(pickle.dumps((project, result)))

    return pickle.loads((Shared.once(name, make) / "built.pickle").read_bytes())


# The suites that take longest, so that they come first and no worker waits long for the other at the end.
SLOW_SUITES = [
    "demo_findings",
    "postgres",
    "scheduled",
    "runs",
    "incremental",
    "schema_changes",
    "histories",
    "generic_more",
    "suggest_contract",
    "new_monitor",
    "gates",
    "bad_input_fuzz",
    "guards",
    "isolation",
    "parity_reconciliation",
    "generic_quality",
    "bad_input",
    "distances",
    "data_quality",
    "kills",
    "embeddings",
    "label_drift",
    "drift_runs",
    "relations",
    "quality_score",
    "failures",
    "label_leak",
    "integration",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a PostgreSQL server or Spark, and run the slow suites first; Makefile tells xdist to keep this order."""
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else []
        needed = {*getattr(item, "fixturenames", []), *map(str, parameters)}
        # Spark has an environment of its own.
        for engine in ("spark", "postgres"):
            if engine in needed:
                item.add_marker(engine)
                break
    order = {f"test_{suite}.py": number for number, suite in enumerate(SLOW_SUITES)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


@pytest.fixture(autouse=True, scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers share; it is removed with the session's temporary folder."""
    base = tmp_path_factory.getbasetemp()
    Shared.folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    Shared.folder.mkdir(exist_ok=True)
    return Shared.folder


@pytest.fixture(autouse=True, scope="module")
def disk_space(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Remove what the fixtures of a suite have built once it has passed: together they take gigabytes."""
    base = tmp_path_factory.getbasetemp()
    before = set(base.iterdir())
    yield
    if not request.session.testsfailed:
        for folder in set(base.iterdir()) - before:
            folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)


@pytest.fixture(scope="session")
def raw() -> Path:
    """The demo's raw logs: all injected faults, the whole range. Read only."""
    return prepare_demo(ROOT / "build" / "test" / "raw")


@pytest.fixture(scope="session")
def full_build(raw: Path, shared_folder: Path) -> tuple[Project, Result]:
    """The demo, whole range, every window judged: (project, result of dbt build). Read only."""
    return build_demo("full", raw, **FULL_RANGE)


@pytest.fixture(scope="session")
def april_build(raw: Path, shared_folder: Path) -> tuple[Project, Result]:
    """The demo as of the end of April, the month judged: (project, result of dbt build). Read only."""
    return build_demo("april", raw, **APRIL)


@pytest.fixture
def tiny_project(tmp_path: Path) -> Project:
    """A project whose one monitor is ``tiny`` (see tiny_monitor.py): 34 days of 1,000 rows; not yet built."""
    return tiny_monitor.new_project(tmp_path / "project")


@pytest.fixture
def project(tmp_path: Path, raw: Path) -> Project:
    """A project of this test's own on the demo's raw logs; nothing is built yet."""
    return Project(tmp_path / "project", raw=raw)


@pytest.fixture(scope="session")
def bare_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project without any monitor, for macros and generic tests that need no pipeline."""
    project = Project(tmp_path_factory.mktemp("bare") / "project")
    project.keep_only({})
    return project

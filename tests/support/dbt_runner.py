"""Runs dbt in a process of its own that need not start from nothing: a fork of one that has dbt imported.

A call of dbt spends three seconds on imports and twelve on parsing a hundred macros before it comes to a project. So a
fork server (one for each pytest worker) imports dbt once (dbt_preload.py), and a project that was never parsed is given
the parsed macros, or all of what another one with the same settings was parsed to; dbt's own partial parsing then
compares the files and parses those that differ. The process is otherwise what the command is: it has its own
environment, folder, output and exit code, and can be killed.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import json
import multiprocessing
import multiprocessing.forkserver
import os
import re
import runpy
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTEXT = multiprocessing.get_context("forkserver")
PARSED = "partial_parse.msgpack"
MACRO_PARTS = ["dbt_project.yml", "macros", "tests/generic", "profiles"]
# Options that are part of what dbt has parsed.
PARSE_OPTIONS = ("--vars", "--profile", "--target")
SECONDS = 600


class Shared:
    """A folder that all workers of a session share; ``once`` makes something in it that all of them use."""

    folder: Path | None = None

    @classmethod
    @contextmanager
    def lock(cls, name: str) -> Iterator[Path]:
        """Hold the lock of a name; yields the path that the name stands for."""
        assert cls.folder is not None, "the fixture shared_folder has not run"
        path = cls.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(f"{path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield path

    @classmethod
    def once(cls, name: str, make: Callable[[Path], None]) -> Path:
        """The folder of this name, made by whoever comes first; a failure is raised for all."""
        with cls.lock(name) as path:
            done = path.with_name(f"{path.name}.done")
            if not done.exists():
                shutil.rmtree(path, ignore_errors=True)
                make(path)
                done.touch()
        return path


# In the process that runs dbt


def accept_macros_alone() -> None:
    """Let dbt's partial parsing begin with macros alone, whatever the settings: what depends on settings is parsed then."""
    from dbt.parser.manifest import ManifestLoader

    original = ManifestLoader.is_partial_parsable

    def is_partial_parsable(self, manifest):
        nodes = list(manifest.nodes.values())
        # A seed keeps the folder of the project that it was parsed in.
        for node in nodes:
            if node.resource_type == "seed" and node.package_name == self.root_project.project_name:
                node.root_path = self.root_project.project_root
        hooks = [node.raw_code for node in nodes if node.resource_type == "operation"]
        # The macros are of the project itself, or of the package that it installs.
        project = self.all_projects.get("ml_monitor", self.root_project)
        known = set(manifest.state_check.project_hashes) <= set(self.manifest.state_check.project_hashes)
        if (
            len(hooks) == len(nodes)
            and not (manifest.sources or manifest.disabled)
            and known
            and sorted(hooks) == sorted([*project.on_run_start, *project.on_run_end])
        ):
            manifest.state_check = self.manifest.state_check
        return original(self, manifest)

    ManifestLoader.is_partial_parsable = is_partial_parsable


def skip_events_that_nobody_logs() -> None:
    """Build no event of debug level, unless it is logged: dbt makes a message of each before it looks at the level."""
    from dbt_common.events.base_types import BaseEvent, EventLevel
    from dbt_common.events.event_manager import EventManager

    build, fire = BaseEvent.__init__, EventManager.fire_event

    def __init__(self, *args, **kwargs):
        if self.level_tag() == EventLevel.DEBUG:
            self.pb_msg = None
        else:
            build(self, *args, **kwargs)

    def fire_event(self, e, level=None, node=None, force_warn_or_error_handling=False):
        if e.pb_msg is not None:
            fire(self, e, level, node, force_warn_or_error_handling)

    BaseEvent.__init__ = __init__
    EventManager.fire_event = fire_event


def keep_macros() -> None:
    """Keep the function that a macro is in its context, which dbt makes anew for each call."""
    from dbt_common.clients.jinja import BaseMacroGenerator

    make = BaseMacroGenerator.get_macro

    def get_macro(self):
        if "kept_macro" not in self.__dict__:
            self.__dict__["kept_macro"] = make(self)
        return self.__dict__["kept_macro"]

    BaseMacroGenerator.get_macro = get_macro


def write_the_manifest_once() -> None:
    """Let a run write manifest.json at its end, where what was compiled is in it, and not before as well."""
    from dbt.parser import manifest

    manifest.write_manifest = lambda *_: None


def enter(folder: str, environment: dict[str, str], output: str) -> None:
    """Make the fork what a command is: its own folder, environment, session, and a file for what it prints."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    os.setsid()
    for number, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY | os.O_APPEND)):
        file = os.open(os.devnull if number == 0 else output, flags)
        os.dup2(file, number)
        os.close(file)
    os.dup2(1, 2)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)


def run_script(script: str, args: list[str], folder: str, environment: dict[str, str], output: str) -> None:
    """What ``python script`` does, in a fork that has dbt imported; ends with its exit code."""
    enter(folder, environment, output)
    sys.argv = [script, *args]
    sys.path[:0] = [str(Path(script).parent), *environment.get("PYTHONPATH", "").split(":")]
    runpy.run_path(script, run_name="__main__")


def run_dbt(args: list[str], folder: str, environment: dict[str, str], output: str) -> None:
    """What the command ``dbt`` does; ends with its exit code."""
    enter(folder, environment, output)
    sys.argv = ["dbt", *args]
    accept_macros_alone()
    if not {"debug", "--debug"} & set(args):
        skip_events_that_nobody_logs()
    keep_macros()
    # A run ends before its garbage matters.
    gc.disable()
    if {"build", "run", "test"} & set(args):
        write_the_manifest_once()
    from dbt.cli.main import cli

    try:
        cli()
    finally:
        # As the end of a process does, but not of a fork: DuckDB writes its log into the file once no connection is left.
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()
        gc.collect()


# In the process that wants it run


class Dbt:
    """A run of dbt that was started."""

    def __init__(self, args: list[str], folder: Path, environment: dict[str, str]) -> None:
        start_server()
        self.parsed = Parsed(args, folder, environment)
        self.parsed.give()
        (folder / "logs").mkdir(exist_ok=True)
        number = len(list((folder / "logs").glob("run_*.txt")))
        self.output_file = folder / "logs" / f"run_{number}_{os.getpid()}.txt"
        self.output_file.touch()
        self.process: ForkServerProcess = CONTEXT.Process(
            target=run_dbt, args=(args, str(folder), environment, str(self.output_file))
        )
        self.process.start()
        self.pid = self.process.pid

    @property
    def output(self) -> str:
        """What it has said by now."""
        return self.output_file.read_text(encoding="utf-8", errors="replace")

    @property
    def returncode(self) -> int | None:
        """Its exit code, as of subprocess.Popen."""
        return self.process.exitcode

    def wait(self, seconds: float = SECONDS) -> int:
        """Wait for its end; a run that takes longer is killed."""
        self.process.join(seconds)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
            raise TimeoutError(f"dbt took more than {seconds} seconds:\n{self.output}")
        if self.process.exitcode >= 0:
            self.parsed.keep()
        return self.process.exitcode


class Parsed:
    """What dbt parsed a project to, taken from another project with the same settings, and kept for the next one."""

    def __init__(self, args: list[str], folder: Path, environment: dict[str, str]) -> None:
        self.adapter = environment.get("ML_TARGET", "duckdb")
        given = dict(pairwise(args))
        files = [folder / "dbt_project.yml", folder / "profiles" / "profiles.yml"]
        texts = [file.read_text(encoding="utf-8") if file.exists() else "" for file in files]
        names = sorted(set(re.findall(r"env_var\('(\w+)'", "".join(texts))))
        variables = [(name, environment.get(name)) for name in names]
        models = sorted(str(path.relative_to(folder)) for path in folder.glob("models/**/*.*"))
        settings = [[given.get(option) for option in PARSE_OPTIONS], texts, variables, models]
        self.key = hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:20]
        target = folder / given.get("--target-path", "target")
        self.own, self.mark = target / PARSED, target / "parsed_with"
        self.is_used = "--no-partial-parse" not in args
        self.before = 0

    def give(self) -> None:
        """Give the project what was parsed with these settings, or else the macros."""
        if not self.is_used:
            return
        if not self.own.exists() or not self.mark.exists() or self.mark.read_text() != self.key:
            with Shared.lock("parsed") as shared:
                known = shared / self.key
                source = known if known.exists() else None
            source = source or macros_of(self.adapter) / "target" / PARSED
            self.own.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, self.own)
            self.mark.write_text(self.key)
        self.before = self.own.stat().st_mtime_ns

    def keep(self) -> None:
        """Keep what was parsed, if nobody has yet."""
        if not self.is_used or not self.own.exists() or self.own.stat().st_mtime_ns == self.before:
            return
        with Shared.lock("parsed") as shared:
            shared.mkdir(exist_ok=True)
            known = shared / self.key
            if not known.exists():
                shutil.copyfile(self.own, known.with_suffix(".new"))
                known.with_suffix(".new").replace(known)


def settings_of(folder: Path, adapter: str) -> dict[str, str]:
    """The environment in which the macros alone are parsed."""
    own = {
        "DBT_PROFILES_DIR": str(folder / "profiles"),
        "ML_DUCKDB_PATH": "test.duckdb",
        "ML_TARGET": adapter,
    }
    own |= {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1", "NO_COLOR": "1"}
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | own


def macros_of(adapter: str) -> Path:
    """A project of the macros alone, parsed for an adapter, once a session."""

    def make(folder: Path) -> None:
        for part in MACRO_PARTS:
            source = ROOT / part
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            copy(source, folder / part)
        process = CONTEXT.Process(
            target=run_dbt,
            args=(["parse"], str(folder), settings_of(folder, adapter), str(folder / "parse.txt")),
        )
        (folder / "parse.txt").touch()
        process.start()
        process.join(SECONDS)
        assert process.exitcode == 0, (folder / "parse.txt").read_text()

    return Shared.once(f"macros_{adapter}", make)


def start_server() -> None:
    """Start the fork server of this worker, unless it runs; the first of the session parses the macros before."""
    server = multiprocessing.forkserver._forkserver
    if server._forkserver_pid is not None:
        return
    CONTEXT.set_forkserver_preload(["dbt_preload"])
    before = dict(os.environ)
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    try:
        with Shared.lock("first_server") as first:
            if not first.exists():
                multiprocessing.forkserver.ensure_running()
                macros_of("duckdb")
                server._stop()
                first.touch()
        folder = macros_of("duckdb")
        os.environ.update(settings_of(folder, "duckdb"), ML_DBT_WARM_UP=str(folder))
        multiprocessing.forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)

"""A PostgreSQL server of the tests' own: on a free loopback port, its data in a temporary folder, gone after."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "20",
    # Nothing here outlives the tests.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Tables are in UTC whatever the server thinks of time.
    "timezone": "America/New_York",
}


class ServerError(Exception):
    """The server cannot run; its text says why."""


def server_binaries() -> Path:
    """The folder of the newest initdb and postgres."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    folders += [Path(found).parent for found in [shutil.which("initdb")] if found]
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServerError(
        "no PostgreSQL server on this machine: neither /usr/lib/postgresql/*/bin nor PATH has initdb.\n"
        "Install it (Debian: apt-get install postgresql, as .ci/run does); these tests are not optional."
    )


def server_user() -> str | None:
    """The user to run as where we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def free_port() -> int:
    """A loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent() -> None:
    """Make the kernel stop this process when the tests end in whatever way (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


class PostgresServer:
    """A running server; use it as a context manager."""

    def __init__(self) -> None:
        self.binaries = server_binaries()
        self.user = server_user()
        self.port = 0
        self.folder = Path()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PostgresServer:
        self.folder = Path(tempfile.mkdtemp(prefix="ml_monitor_postgres_"))
        try:
            if self.user:
                shutil.chown(self.folder, self.user)
            self.run(
                "initdb", "--username=postgres", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync"
            )
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run(self, program: str, *args: str) -> None:
        """Run one of the server's programs on the data folder to its end."""
        command = [str(self.binaries / program), "-D", str(self.folder / "data"), *args]
        finished = subprocess.run(
            command, cwd=self.folder, user=self.user, capture_output=True, text=True, check=False
        )
        if finished.returncode != 0:
            raise ServerError(f"{' '.join(command)} failed:\n{finished.stdout}{finished.stderr}")

    def start(self) -> None:
        """Start the server; another port if someone took ours in between."""
        settings = SETTINGS | {"unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self.folder / "server.log"
        for _ in range(3):
            self.port = free_port()
            command = [
                str(self.binaries / "postgres"),
                "-D",
                str(self.folder / "data"),
                "-p",
                str(self.port),
                *options,
            ]
            with log.open("ab") as output:
                self.process = subprocess.Popen(
                    command,
                    cwd=self.folder,
                    user=self.user,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                    preexec_fn=die_with_parent if sys.platform == "linux" else None,
                )
            if self.is_ready():
                return
        raise ServerError(f"the server does not start:\n{log.read_text(encoding='utf-8')}")

    def is_ready(self, seconds: float = 30) -> bool:
        """Wait until the server answers; false if it ended instead."""
        assert self.process is not None
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.connect("postgres").close()
            except psycopg2.OperationalError:
                time.sleep(0.05)
            else:
                return self.process.poll() is None
        return False

    def stop(self) -> None:
        """Stop the server at once, since nothing is to be kept, and remove its folder."""
        for how in (signal.SIGQUIT, signal.SIGKILL):
            if self.process is not None and self.process.poll() is None:
                self.process.send_signal(how)
                try:
                    self.process.wait(timeout=15)
                except subprocess.TimeoutExpired:
                    continue
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, database: str) -> Any:
        """A connection to one of its databases."""
        return psycopg2.connect(host="127.0.0.1", port=self.port, user="postgres", dbname=database)

    def environment(self, database: str) -> dict[str, str]:
        """What makes dbt and load_postgres.py use one of its databases."""
        return {
            "ML_TARGET": "postgres",
            "ML_PG_HOST": "127.0.0.1",
            "ML_PG_PORT": str(self.port),
            "ML_PG_USER": "postgres",
            "ML_PG_PASSWORD": "",
            "ML_PG_DATABASE": database,
        }

    def new_database(self, database: str, raw: Path | None = None) -> dict[str, str]:
        """Make a database, with raw logs if given, and return the environment that uses it."""
        connection = self.connect("postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(SQL("create database {}").format(Identifier(database)))
        connection.close()
        environment = self.environment(database)
        if raw is not None:
            command = [sys.executable, str(ROOT / "scripts" / "load_postgres.py"), "--raw", str(raw)]
            finished = subprocess.run(
                command, env=os.environ | environment, capture_output=True, text=True, check=False
            )
            assert finished.returncode == 0, finished.stdout + finished.stderr
        return environment


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the session; without its binaries the test fails."""
    try:
        server = PostgresServer()
    except ServerError as error:
        pytest.fail(str(error), pytrace=False)
    with server:
        yield server

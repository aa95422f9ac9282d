"""Fleet views as tables that a test fills, in a project that dbt parses as any other.

Delivery reads the fleet views by their contract alone. So a test writes the rows that it needs, hour by hour, without
building a monitor; tests/delivery/test_demo.py reads the real views.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import tiny_monitor
import yaml
from conftest import ROOT, Project
from dbt_runner import CONTEXT, run_script

Row = dict[str, Any]
VIEWS = (
    "ml_incidents",
    "ml_monitors",
    "ml_runs",
    "ml_gates",
    "ml_volume",
    "ml_performance",
    "ml_performance_metrics",
)
NOW = datetime(2026, 3, 1, 12)
OWNER = "tiny-team@example.com"


def incident(number: int, **values: Any) -> Row:
    """An open, critical incident of the monitor tiny, unlike the others by its number."""
    return {
        "incident_id": f"{number:032x}",
        "monitor": "tiny",
        "owner": OWNER,
        "severity": "critical",
        "state": "open",
        "title": f"tiny: null rate of x{number} fails",
        "category": "quality",
        "metric": "null_rate",
        "subject": f"x{number}",
        "opened_at": NOW - timedelta(hours=10 - number),
        "windows": 3,
        "findings": 3,
        "muted_findings": 2,
        "message": f"tiny quality: x{number} null rate 40 % is above 5 %, it's new",
        "runbook": "docs/runbooks/quality.md",
        **values,
    }


def resolved(row: Row, at: datetime = NOW) -> Row:
    """The same incident, resolved."""
    return row | {"state": "resolved", "resolved_at": at}


class Script:
    """A script of scripts/ that was started, in a fork that has dbt imported (dbt_runner.py)."""

    def __init__(self, script: str, args: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        number = len(list((folder / "logs").glob("script_*.txt")))
        self.output_file = folder / "logs" / f"script_{number}.txt"
        self.output_file.touch()
        path = str(ROOT / "scripts" / script)
        self.process = CONTEXT.Process(
            target=run_script, args=(path, list(args), str(folder), environment, str(self.output_file))
        )
        self.process.start()

    @property
    def output(self) -> str:
        """What it has said by now."""
        return self.output_file.read_text(encoding="utf-8")

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()

    def wait(self) -> int | None:
        """Wait for its end, two minutes at most; returns its exit status, -9 if it was killed."""
        self.process.join(120)
        return self.process.exitcode


class Fleet:
    """A project of the monitor tiny, with tables in place of its fleet views."""

    def __init__(self, folder: Path) -> None:
        frames = tiny_monitor.generate(days=2, rows_per_day=10)
        self.project: Project = tiny_monitor.new_project(folder, {"tiny": frames}, fleet=True)
        self.project.dbt("parse", check=0)
        models = yaml.safe_load(self.project.read("models/fleet/_fleet.yml"))["models"]
        self.columns = {model["name"]: model["columns"] for model in models}
        for view in VIEWS:
            self.write(view, [])
        self.write("ml_monitors", [{"monitor": "tiny", "owner": OWNER}])
        self.write("ml_runs", [{"monitor": "tiny", "as_of": NOW, "recorded_at": NOW, "newest_hour": NOW}])

    def write(self, view: str, rows: list[Row]) -> None:
        """Replace the rows of a view; columns that a row does not have are NULL."""
        types = {
            column["name"]: "double" if "double" in column["data_type"] else column["data_type"]
            for column in self.columns.get(view, [])
        }
        with duckdb.connect(str(self.project.database)) as connection:
            listed = ", ".join(f"{name} {kind}" for name, kind in types.items())
            connection.execute(f"create or replace table {view} ({listed})")
            for row in rows:
                marks = ", ".join("?" for _ in row)
                connection.execute(
                    f"insert into {view} ({', '.join(row)}) values ({marks})", list(row.values())
                )

    def drop(self, table: str) -> None:
        """Drop a table, if it is there."""
        with duckdb.connect(str(self.project.database)) as connection:
            connection.execute(f"drop table if exists {table}")

    def incidents(self, *rows: Row) -> None:
        """The rows of ml_incidents from now on."""
        self.write("ml_incidents", list(rows))

    def record(self) -> list[tuple[str, str]]:
        """(event, subject) of ml_notifications, in the order of sending."""
        if "ml_notifications" not in self.project.relations():
            return []
        return self.project.query("select event, subject from ml_notifications order by sent_at, subject")

    def start(self, script: str, *args: str, **env: str) -> Script:
        """Start a script of the project, with only these settings of ML_, and do not wait for it."""
        # A proxy of the machine would be asked for 127.0.0.1.
        environment = self.project.environment(env) | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        return Script(script, args, self.project.folder, environment)

    def run(self, script: str, *args: str, check: int | None = 0, **env: str) -> str:
        """Run a script; returns what it printed. ``check`` is the exit status to insist on."""
        process = self.start(script, *args, **env)
        status = process.wait()
        assert check is None or status == check, process.output
        return process.output

    def notify(self, *args: str, check: int | None = 0, **env: str) -> str:
        """Run notify.py --send."""
        return self.run("notify.py", "--send", *args, check=check, **env)

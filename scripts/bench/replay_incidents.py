"""Replay the flights day by day, and write down what somebody on call would have been told.

    python scripts/bench/replay_incidents.py [--raw data/raw] [--out build/replay] [--lock FILE]

Each day of the ten months is a run of dbt as of its end, on the tables of the day before; rows that were ingested
later are not there yet. After each run `ml_incidents` is compared with that of the day before: an incident that opens,
is resolved or opens again is one notification, unless its severity is `info`. At the end a database that is built in
one run must have the same incidents.

Prints the log, the number of notifications, and how they compare with tests/operations/incidents_expected_beforehand.csv,
which was written before any incident was computed; writes `notifications.csv`. Takes about an hour on two cores.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = ROOT / "tests" / "operations" / "incidents_expected_beforehand.csv"
FIRST, LAST = "2013-03-02", "2014-01-01"
TABLES = ["--select", "+flight_delay__checks", "+flight_air_time__checks"]
NOTHING_ELSE = ["--exclude-resource-type", "test", "unit_test"]
COLUMNS = "incident_id, monitor, severity, state, category, metric, subject, opened_at, last_seen_at, resolved_at, flaps"
COLUMNS += ", findings"


@contextlib.contextmanager
def held(lock: Path | None) -> Iterator[None]:
    """Hold a lock that other heavy jobs of the machine wait for."""
    if lock is None:
        yield
        return
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Replay:
    """A database that is built day by day, in this process."""

    def __init__(self, folder: Path, raw: Path, name: str, lock: Path | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database, self.lock = folder / f"{name}.duckdb", lock
        self.database.unlink(missing_ok=True)
        os.environ |= {
            "DBT_PROFILES_DIR": str(ROOT / "profiles"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "ML_RAW_PATH": str(raw),
            "ML_DUCKDB_PATH": str(self.database),
        }
        self.paths = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
        self.manifest = None

    def dbt(self, as_of: pd.Timestamp, *args: str) -> None:
        """One run as of a moment."""
        os.environ["ML_AS_OF"] = str(as_of)
        with held(self.lock):
            if self.manifest is None:
                self.manifest = dbtRunner().invoke(["--quiet", "parse", *self.paths]).result
            result = dbtRunner(manifest=self.manifest).invoke(
                ["--quiet", "--no-write-json", *args, *self.paths]
            )
            DuckDBConnectionManager.close_all_connections()
        failed = [one for one in result.result or [] if one.status in ("error", "skipped")]
        if result.exception or failed:
            raise SystemExit(f"{as_of}: {result.exception or failed[0].message}")

    def incidents(self) -> pd.DataFrame:
        """What ml_incidents has now."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(
                f"select {COLUMNS} from ml_incidents order by opened_at, monitor, incident_id"
            ).df()


def changes(before: dict[str, tuple], now: pd.DataFrame) -> Iterator[tuple[str, tuple]]:
    """What happened to incidents since the day before."""
    for row in now.itertuples(index=False):
        old = before.get(row.incident_id)
        if old is None or (old.state == "gone"):
            yield "opened", row
            if row.state == "resolved":
                yield "resolved", row
        elif old.state != row.state:
            yield "resolved" if row.state == "resolved" else "opened again", row
        elif old.severity != row.severity:
            yield f"was {old.severity}", row
    for incident_id, old in before.items():
        if old.state != "gone" and incident_id not in set(now["incident_id"]):
            yield "gone", old


def compare(told: pd.DataFrame, now: pd.DataFrame) -> None:
    """Misses and extras against the list that was written beforehand."""
    expected = pd.read_csv(EXPECTED, parse_dates=["first_window_from", "first_window_until"])
    left = now.copy()
    for row in expected.itertuples(index=False):
        # An incident opens when its window ends, of performance when the labels are there.
        until = row.first_window_until + pd.Timedelta(days=33 if row.kind == "real" else 2)
        mine = left[
            (left["monitor"] == row.monitor)
            & (left["category"] == row.category)
            & left["opened_at"].between(row.first_window_from, until)
        ]
        if row.subject != "*":
            mine = mine[
                (mine["subject"] == row.subject)
                | (row.subject == "label" and mine["metric"].str.startswith("label_"))
            ]
        left = left.drop(mine.index)
        told_of = told["incident_id"].isin(mine["incident_id"]).sum()
        verdict = "as expected" if row.least <= len(mine) <= row.most else "NOT as expected"
        print(
            f"{row.expected_id:32} {row.least} to {row.most}: {len(mine)} incidents, {told_of} notifications, {verdict}"
        )
    print(f"\nNot on the list: {len(left)}, of which {(left['severity'] != 'info').sum()} are not info")
    print(left.to_string())


def main() -> None:
    """Replay, and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--raw", type=Path, default=ROOT / "data" / "raw")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "replay")
    parser.add_argument("--lock", type=Path)
    given = parser.parse_args()
    os.chdir(ROOT)
    raw, out = given.raw.resolve(), given.out.resolve()
    replay = Replay(out, raw, "daily", given.lock)
    days = pd.date_range(FIRST, LAST)
    replay.dbt(days[0], "build", *NOTHING_ELSE)
    before: dict[str, tuple] = {}
    log = []
    started = time.monotonic()
    for number, day in enumerate(days):
        if number:
            replay.dbt(day, "run", *TABLES)
        now = replay.incidents()
        for what, row in changes(before, now):
            log.append({"day": day, "what": what, **row._asdict()})
            before[row.incident_id] = row._replace(state="gone") if what == "gone" else row
            if row.severity != "info":
                print(
                    f"{day.date()} {what:12} {row.severity:8} {row.monitor} {row.category} {row.metric} {row.subject}",
                    flush=True,
                )
        if number % 50 == 49:
            print(f"  {number + 1} days, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    told = pd.DataFrame(log)
    told.to_csv(out / "notifications.csv", index=False)
    told = told[told["severity"] != "info"]
    print(
        f"\n{len(told)} notifications of {told['incident_id'].nunique()} incidents; all changes of all severities by kind:"
    )
    print(pd.DataFrame(log).groupby(["what", "severity"]).size().to_string(), "\n")
    compare(told, now)
    once = Replay(out, raw, "once", given.lock)
    once.dbt(days[-1], "build", *NOTHING_ELSE)
    pd.testing.assert_frame_equal(now, once.incidents())
    print(f"\nOne run has the same {len(now)} incidents.")


if __name__ == "__main__":
    main()

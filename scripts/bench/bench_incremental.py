"""What a run costs when little is new: an hour of rows, a wave of labels, nothing at all.

    python scripts/bench/bench_incremental.py [--days 30 90] [--repeat 3] [--out build/bench_incremental] [--flights data/raw]

For each length of history, at 10M predictions in 30 days (13,889 an hour), one monitor with labels and a training set is
built up to a few hours before the end. Then ``dbt build`` is run again, each time from outside and as a whole:

- nothing new;
- one hour: the next hour of predictions, some 14,000;
- label wave: labels for the predictions of 24 past hours.

Each is repeated; medians are reported, with the ratio to nothing new of the same history. The rows that each layer reads
are DuckDB's own count of rows scanned, on a copy of the database as it was before: of the CTEs that say whether there is
something to write, and of the whole select, unless dbt reports that there was nothing.
Also: number of nodes, parse time, time per node, and runs with nothing new on the two monitors of the demo. Prints a table
and whether the limits hold, and writes ``bench_incremental.json``.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import bench  # first: it adds scripts/ to the path
import bench_data
import demo
import duckdb

ROWS_PER_DAY = -(-10_000_000 // 30)
WAVE_HOURS = 24
FLIGHTS_COMMANDS = {"dbt build": [], "dbt build --selector scheduled": ["--selector", "scheduled"]}
# The line of a select above which the materialization ml_monitor_table asks first, as has_rows_to_write reads it.
QUESTION = re.compile(r"(.*?),?\s*-- Written only if (\w+) has rows\.", re.DOTALL)
LIMITS = {"hour": 1.5, "length": 1.25, "flights_wall_s": 12.0}
LAYERS = {
    "log": ("inferences_log", "labels_log"),
    "rollups": (
        "grid",
        "reference_profile",
        "hourly_profile",
        "hourly_volume",
        "hourly_outcomes",
        "hourly_joins",
    ),
    "metrics": (
        "baseline_windows",
        "drift",
        "data_quality",
        "window_metrics",
        "performance",
    ),
    "checks": ("checks", "history"),
}


class History:
    """A monitor with so many days of raw rows, and its database."""

    def __init__(self, days: int, out: Path) -> None:
        self.days = days
        self.data = out / f"data-{days}"
        self.project = out / f"project-{days}"
        self.database = self.project / "bench.duckdb"
        self.end = datetime.fromordinal(bench_data.START.toordinal()) + timedelta(days=days)
        self.waves = 0

    def generate(self) -> None:
        """Raw predictions of all days; labels of those that are more than 60 hours old when the waves begin."""
        log = self.project.with_suffix(".log")
        command = [
            sys.executable,
            str(bench.SCRIPTS / "bench" / "bench_data.py"),
            "--rows",
            str(ROWS_PER_DAY * self.days),
        ]
        if bench.measured([*command, "--days", str(self.days), "--out", str(self.data)], log).exit_code:
            raise bench.BenchError(f"bench_data.py failed:\n{bench.tail(log)}")
        shutil.rmtree(self.data / "bench_labels", ignore_errors=True)
        (self.data / "bench_labels").mkdir()
        self.label(datetime.min, self.end - timedelta(hours=96), "base")
        bench.make_project(self.project, labels=True)
        bench.remove_database(self.database)

    def label(self, start: datetime, end: datetime, name: str, ingested: datetime | None = None) -> None:
        """Write labels for the predictions of a time, an hour after each or all at one moment."""
        known = f"timestamp '{ingested}'" if ingested else "event_time + interval 1 hour"
        with duckdb.connect(config={"threads": 2}) as connection:
            connection.execute(
                f"""copy (
                    select distinct on (prediction_id)
                        prediction_id,
                        (hash(prediction_id) % 3 = 0)::integer as label,
                        {known} as label_time,
                        {known} as ingest_time
                    from read_parquet('{self.data}/bench_inferences/*.parquet')
                    where event_time >= timestamp '{max(start, datetime(2000, 1, 1))}' and event_time < timestamp '{end}'
                ) to '{self.data}/bench_labels/{name}.parquet' (format parquet)"""
            )

    def build(self, as_of: datetime) -> bench.Run:
        """One dbt build of everything; the gate of performance has nothing mature to judge, and fails."""
        log = self.project / "dbt_build.log"
        environment = bench.dbt_environment(self.project / "profiles", self.data, self.database, str(as_of))
        run = bench.measured([str(bench.DBT), "--no-use-colors", "build"], log, self.project, environment)
        bench.node_spans(self.project / "target", run, log)
        return run

    def said(self) -> str:
        """What the last run says of itself."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            sql = f"select message from {bench.MONITOR}__history where record = 'run' order by recorded_at desc limit 1"
            return connection.execute(sql).fetchone()[0]

    def kept(self) -> Path:
        """A copy of the database as it is now, under the name that compiled SQL knows."""
        folder = self.project / "before"
        folder.mkdir(exist_ok=True)
        shutil.copy2(self.database, folder / self.database.name)
        return folder / self.database.name

    def statements(self, name: str, quiet: set[str]) -> list[str]:
        """What the last run ran to find and to make the rows of a model; quiet are those with nothing to write."""
        folder = self.project / "target" / "compiled" / "ml_monitor" / "models" / "monitors" / bench.MONITOR
        select = (folder / f"{name}.sql").read_text()
        asked = QUESTION.match(select)
        if not asked:
            return [select]
        question = f"{asked[1]}\n\nselect 1 from {asked[2]} limit 1"
        return [question] if name in quiet else [question, select]

    def rows_read(self, database: Path) -> dict[str, int]:
        """Rows that the models of each layer scan, by the statements of the last run on the database as it was before."""
        results = json.loads((self.project / "target" / "run_results.json").read_text())["results"]
        quiet = {one["unique_id"].split(".")[2] for one in results if one["message"] == "nothing to write"}
        read = dict.fromkeys(LAYERS, 0)
        with duckdb.connect(str(database), read_only=True, config={"threads": 2}) as connection:
            connection.execute("set TimeZone = 'UTC'")
            for layer, tables in LAYERS.items():
                names = [f"{bench.MONITOR}__{table}" for table in tables]
                for sql in [sql for name in names for sql in self.statements(name, quiet)]:
                    ((_, profile),) = connection.execute(f"explain (analyze, format json) {sql}").fetchall()
                    read[layer] += json.loads(profile)["query"]["total_rows_scanned"]
        database.unlink()
        return read


def measure(days: int, repeat: int, out: Path) -> dict[str, Any]:
    """Build a history, then the three kinds of run."""
    history = History(days, out)
    print(f"{days} days: generating ...", flush=True)
    history.generate()
    as_of = history.end - timedelta(hours=repeat + 1)
    print(f"{days} days: first build ...", flush=True)
    first = history.build(as_of)
    record: dict[str, Any] = {
        "days": days,
        "first_wall_s": first.wall_s,
        "nodes": len(first.nodes),
        "runs": {},
        "said": {},
    }
    walls: dict[str, list[bench.Run]] = {"nothing new": [], "one hour": [], "label wave": []}
    rows: dict[str, dict[str, int]] = {}
    history.build(as_of)
    for number in range(repeat):
        print(f"{days} days: round {number + 1} of {repeat} ...", flush=True)
        for kind in walls:
            before = history.kept() if number == 0 else None
            if kind == "one hour":
                as_of += timedelta(hours=1)
            if kind == "label wave":
                end = history.end - timedelta(hours=96 - WAVE_HOURS * (number + 1))
                history.label(
                    end - timedelta(hours=WAVE_HOURS), end, f"wave_{number}", as_of - timedelta(minutes=1)
                )
                before = history.kept() if number == 0 else None
            walls[kind].append(history.build(as_of))
            if before:
                rows[kind] = history.rows_read(before)
                record["said"][kind] = history.said()
    for kind, runs in walls.items():
        record["runs"][kind] = {
            "wall_s": statistics.median(run.wall_s for run in runs),
            "walls_s": [run.wall_s for run in runs],
            "cpu_s": statistics.median(run.cpu_s for run in runs),
            "startup_s": statistics.median(run.startup_s for run in runs),
            "nodes_s": statistics.median(sum(run.nodes.values()) for run in runs),
            "rows_read": rows[kind],
        }
    with duckdb.connect(str(history.database), read_only=True) as connection:
        record["log_rows"] = connection.execute(
            f"select count(*) from {bench.MONITOR}__inferences_log"
        ).fetchone()[0]
    log = history.project / "dbt_parse.log"
    environment = bench.dbt_environment(
        history.project / "profiles", history.data, history.database, str(as_of)
    )
    parse = bench.measured([str(bench.DBT), "parse", "--no-partial-parse"], log, history.project, environment)
    record["parse_wall_s"] = parse.wall_s
    bench.remove_database(history.database)
    return record


def flights_with_nothing_new(raw: Path, out: Path, repeat: int) -> dict[str, float]:
    """Median wall seconds of the demo's two monitors with nothing new, by command; its gates fail as they must."""
    folder = out / "flights"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    database, log = folder / "flights.duckdb", folder / "dbt_build.log"
    command = [
        str(bench.DBT),
        "--no-use-colors",
        "build",
        "--target-path",
        str(folder / "target"),
        "--log-path",
        str(folder),
    ]
    environment = bench.dbt_environment(bench.ROOT / "profiles", raw, database, demo.AS_OF)
    bench.measured(command, log, bench.ROOT, environment)
    walls: dict[str, list[float]] = {}
    for _ in range(repeat):
        for words, arguments in FLIGHTS_COMMANDS.items():
            run = bench.measured([*command, *arguments], log, bench.ROOT, environment)
            bench.node_spans(folder / "target", run, log)
            walls.setdefault(words, []).append(run.wall_s)
    return {words: statistics.median(seconds) for words, seconds in walls.items()}


def main() -> int:
    """Run everything; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, nargs="*", default=[30, 90], help="lengths of history")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each kind, 3 at most")
    parser.add_argument(
        "--out", type=Path, default=bench.ROOT / "build" / "bench_incremental", help="folder to work in"
    )
    parser.add_argument(
        "--flights", type=Path, default=demo.RAW, help="raw logs of the demo, if they are there"
    )
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    facts = bench.machine()
    try:
        flights = None
        if (arguments.flights / "injected_faults.csv").is_file():
            print("flights: two monitors, nothing new ...", flush=True)
            flights = flights_with_nothing_new(arguments.flights.resolve(), out, min(arguments.repeat, 3))
        records = [measure(days, min(arguments.repeat, 3), out) for days in arguments.days]
    except bench.BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1

    head = f"{'days':>4}  {'rows':>11}  {'run':<12}{'wall s':>8}{'ratio':>7}{'start-up':>10}" + "".join(
        f"{layer + ' rows':>15}" for layer in LAYERS
    )
    print(f"\n{head}\n{'-' * len(head)}")
    for record in records:
        nothing = record["runs"]["nothing new"]["wall_s"]
        for kind, run in record["runs"].items():
            read = "".join(f"{run['rows_read'][layer]:>15,}" for layer in LAYERS)
            print(
                f"{record['days']:>4}  {record['log_rows']:>11,}  {kind:<12}{run['wall_s']:>8.1f}{run['wall_s'] / nothing:>7.2f}"
                f"{run['startup_s']:>10.1f}{read}"
            )
    print()
    for record in records:
        nothing = record["runs"]["nothing new"]
        node_ms = 1000 * nothing["nodes_s"] / record["nodes"]
        print(
            f"{record['days']} days: {record['nodes']} nodes, {node_ms:.0f} ms each with nothing new; "
            f"parse {record['parse_wall_s']:.1f} s; first build {record['first_wall_s']:.1f} s"
        )
        for kind, message in record["said"].items():
            print(f"  {kind}: {message}")
    limits: list[tuple[str, float, float]] = []
    for record in records:
        runs = record["runs"]
        ratio = runs["one hour"]["wall_s"] / runs["nothing new"]["wall_s"]
        limits.append((f"{record['days']} days: one hour over nothing new", ratio, LIMITS["hour"]))
    if len(records) > 1:
        longest, shortest = records[-1], records[0]
        ratio = longest["runs"]["one hour"]["wall_s"] / shortest["runs"]["one hour"]["wall_s"]
        limits.append((f"one hour: {longest['days']} days over {shortest['days']}", ratio, LIMITS["length"]))
    for words, wall_s in (flights or {}).items():
        limits.append((f"two monitors, nothing new, {words}, wall s", wall_s, LIMITS["flights_wall_s"]))
    print()
    for words, value, limit in limits:
        print(
            f"  {'holds' if value <= limit else 'DOES NOT HOLD':<13}  {words}: {value:.2f} (limit {limit:g})"
        )
    report = {"machine": facts, "histories": records, "flights_wall_s": flights}
    target = out / "bench_incremental.json"
    target.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\n{target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

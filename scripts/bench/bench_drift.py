"""What drift costs: a day, ninety days, and two periods that somebody compares.

    python scripts/bench/bench_drift.py [--rows-per-hour 1000] [--days 90] [--repeat 3] [--out build/bench_drift]
        [--peers [--peer-rows 2000000]]

The monitor has 50 features, 44 numbers and 6 texts, and 5 segments of 10 values among the texts. Its rows are generated, and
its tables up to drift are built for all but the last days. Then three things are timed on two threads:

- a day: one more day of rows has come; seconds of the node ``<m>__drift`` in ``dbt run``, once for each of the last days;
- all days: the same node when the table is gone. It must end with as many rows as before;
- two periods: the compiled SQL of the analysis ``compare_two_periods``, the last week against the four before it, in DuckDB.

Medians are judged, and all days, which run once. Writes ``bench_drift.json``.

With ``--peers``, 2,000,000 rows of 17 columns (12 numbers, 4 texts and a time) over 30 days are put through Evidently and
NannyML, each in a process of its own (bench_peers.py in the environment of requirements-peers.txt), and through a monitor with
the same features. The first half is the reference, the second the window. What each line holds is printed below the table.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import time
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import bench  # first: it adds scripts/ to the path
import bench_data
import duckdb
from peer_tools.environment import PeersError, peers_python, peers_settings

LIMITS = {"day_s": 5.0, "all_days_s": 60.0, "compare_s": 1.0}
NUMBERS = [f"n{index:02d}" for index in range(1, 45)]
SEGMENTS = [f"g{index}" for index in range(1, 6)]
CATEGORIES = [*SEGMENTS, "c1"]
WEEK, FOUR_WEEKS = timedelta(days=7), timedelta(days=28)
PEER_NUMBERS, PEER_CATEGORIES, PEER_DAYS = NUMBERS[:12], ["g1", "g2", "g3", "c1"], 30
REFERENCE_ROWS = 50_000
DRIFT = f"{bench.MONITOR}__drift"
# By turns; k and l are streams of the generator.
SHAPES = [
    "normal(i, {k})",
    "50 + 12 * normal(i, {k})",
    "case when u(i, 5) < 0.01 then null else -3 + 0.5 * normal(i, {k}) end",
    "exp(normal(i, {k}))",
    "round(exp(3 + 0.8 * normal(i, {k})), 2)",
    "-300 * ln(u(i, {k}))",
    "200 * u(i, {k}) - 100",
    "case when u(i, 6) < 0.01 then null else round(24 * u(i, {k}), 1) end",
    "case when u(i, {k}) < 0.7 then 0.0 else round(-20 * ln(u(i, {l})), 2) end",
    "floor(-3 * ln(u(i, {k})))",
    "round(50 + 10 * normal(i, {k}))",
]
FIRST_STREAM = 10
VALUES = {"c1": 40}
SERVED = """
copy (
    with rows as (
        select
            prediction_id_of(range) as prediction_id,
            event_time_of(range, {per_day}) as event_time,
            ingest_time_of(range, {per_day}) as ingest_time,
            'v1' as model_version,
            {features},
            u(range, 7) * u(range, 8) as score,
            round(exp(3.2 + 0.5 * normal(range, 110)), 3) as latency_ms
        from range({first}, {last})
    )
    select * exclude (latency_ms), (score >= 0.5)::integer as prediction, latency_ms
    from rows
) to '{target}' (format parquet)
"""
REFERENCE = """
copy (
    select {features}, u(range, 7) * u(range, 8) as score, (score >= 0.5)::integer as prediction
    from range({first}, {last})
) to '{target}' (format parquet)
"""


def generate(rows: int, days: int, numbers: list[str], categories: list[str], out: Path) -> None:
    """Write a training set and a file for each day: values are a function of the row's number and the column's."""
    shutil.rmtree(out, ignore_errors=True)
    (out / "bench_inferences").mkdir(parents=True)
    columns = []
    for index, name in enumerate(numbers):
        stream = FIRST_STREAM + 2 * index
        columns.append(f"{SHAPES[index % len(SHAPES)].format(k=stream, l=stream + 1)} as {name}")
    stream = FIRST_STREAM + 2 * len(NUMBERS)
    for index, name in enumerate(categories):
        columns.append(f"category(i, {stream + index}, '{name}', {VALUES.get(name, 10)}) as {name}")
    features = ", ".join(columns).replace("(i, ", "(range, ")
    per_day = -(-rows // days)
    with duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"}) as connection:
        connection.execute(bench_data.MACROS)
        for index in range(days):
            target = out / "bench_inferences" / f"{bench_data.START + timedelta(days=index)}.parquet"
            span = {"first": index * per_day, "last": min((index + 1) * per_day, rows)}
            connection.execute(SERVED.format(per_day=per_day, features=features, target=target, **span))
        span = {
            "first": bench_data.REFERENCE_OFFSET,
            "last": bench_data.REFERENCE_OFFSET + REFERENCE_ROWS,
        }
        connection.execute(
            REFERENCE.format(features=features, target=out / "bench_reference.parquet", **span)
        )


class Monitor:
    """A project with one monitor, its raw rows and its database."""

    def __init__(self, project: Path, raw: Path) -> None:
        self.project = project
        self.raw = raw
        self.database = project / "bench.duckdb"

    def dbt(
        self, command: str, select: str, as_of: datetime, variables: dict[str, Any] | None = None
    ) -> bench.Run:
        """One command of dbt on two threads."""
        log = self.project / "dbt.log"
        environment = bench.dbt_environment(self.project / "profiles", self.raw, self.database, str(as_of))
        line = [str(bench.DBT), "--no-use-colors", command, "-s", select]
        if variables:
            line += ["--vars", json.dumps(variables)]
        run = bench.measured(line, log, self.project, environment)
        bench.node_spans(self.project / "target", run, log)
        return run

    def connect(self) -> duckdb.DuckDBPyConnection:
        """The database as dbt sees it, on two threads."""
        connection = duckdb.connect(str(self.database), config={"threads": 2, "memory_limit": "5GB"})
        connection.execute("set TimeZone = 'UTC'")
        return connection

    def rows(self, table: str) -> int:
        """Rows of a table."""
        with self.connect() as connection:
            return connection.execute(f"select count(*) from {bench.MONITOR}__{table}").fetchone()[0]

    def compare(self, end: datetime, repeat: int) -> list[float]:
        """Seconds of comparing the week before ``end`` with the four weeks before that, every column in every distance."""
        (self.project / "analyses").mkdir(exist_ok=True)
        shutil.copy2(bench.ROOT / "analyses" / "compare_two_periods.sql", self.project / "analyses")
        current = {"from": str(end - WEEK), "until": str(end)}
        reference = {"from": str(end - WEEK - FOUR_WEEKS), "until": str(end - WEEK)}
        given = {"monitor": bench.MONITOR, "current": current, "reference": reference}
        self.dbt("compile", "compare_two_periods", end, {"ml_analysis": given})
        compiled = (
            self.project / "target" / "compiled" / "ml_monitor" / "analyses" / "compare_two_periods.sql"
        )
        sql = compiled.read_text()
        seconds = []
        with self.connect() as connection:
            for _ in range(repeat):
                started = time.perf_counter()
                found = connection.execute(sql).fetchall()
                seconds.append(time.perf_counter() - started)
        if not found:
            raise bench.BenchError("the comparison of two periods has no rows")
        return seconds


def measure(rows_per_hour: int, days: int, repeat: int, out: Path) -> dict[str, Any]:
    """A day, all days, two periods."""
    rows = rows_per_hour * 24 * days
    print(f"{rows:,} rows in {days} days: generating ...", flush=True)
    monitor = Monitor(out / "project", out / "data")
    generate(rows, days, NUMBERS, CATEGORIES, monitor.raw)
    bench.make_project(
        monitor.project,
        numbers=NUMBERS,
        categories=CATEGORIES,
        declared={"segments": SEGMENTS},
        settings={"ml_baseline_days": 28},
    )
    bench.remove_database(monitor.database)
    end = datetime.fromordinal(bench_data.START.toordinal()) + timedelta(days=days)
    print(f"first build of {days - repeat} days ...", flush=True)
    first = monitor.dbt("build", f"+{DRIFT}", end - timedelta(days=repeat))
    print(
        f"  {first.wall_s:.0f} s, of which {DRIFT} {first.nodes[DRIFT]:.1f}; then a day at a time ...",
        flush=True,
    )
    increments = [
        monitor.dbt("run", f"+{DRIFT}", end - timedelta(days=repeat - 1 - number)) for number in range(repeat)
    ]
    in_place = monitor.rows("drift")
    with monitor.connect() as connection:
        connection.execute(f"drop table {DRIFT}")
    print(f"all {days} days ...", flush=True)
    anew = monitor.dbt("run", DRIFT, end)
    if monitor.rows("drift") != in_place:
        raise bench.BenchError(f"{in_place:,} rows day by day, {monitor.rows('drift'):,} at once")
    print("two periods ...", flush=True)
    compared = monitor.compare(end, repeat)
    record = {
        "rows": rows,
        "days": days,
        "profile_rows": monitor.rows("hourly_profile"),
        "drift_rows": in_place,
        "first": asdict(first),
        "day": [asdict(run) for run in increments],
        "all_days": asdict(anew),
        "compare_each_s": compared,
        "day_s": statistics.median(run.nodes[DRIFT] for run in increments),
        "all_days_s": anew.nodes[DRIFT],
        "compare_s": statistics.median(compared),
    }
    bench.remove_database(monitor.database)
    return record


# The other tools


def run_peer(task: str, data: Path, out: Path) -> dict[str, Any]:
    """One of the other tools, in a process of its own."""
    python = peers_python()
    files = sorted(path.name for path in (data / "bench_inferences").glob("*.parquet"))
    half = len(files) // 2
    command = [str(python), "-W", "ignore", str(bench.SCRIPTS / "peer_tools" / "bench_peers.py"), task]
    command += ["--folder", str(data / "bench_inferences"), "--reference", *files[:half]]
    command += ["--window", *files[half:], "--features", *PEER_NUMBERS, *PEER_CATEGORIES]
    log = out / f"{task}.log"
    run = bench.measured(command, log, environment=peers_settings(python))
    if run.exit_code:
        raise bench.BenchError(f"{task} exited {run.exit_code}:\n{bench.tail(log)}")
    found = json.loads(log.read_text().splitlines()[-1])
    return found | {"wall_s": run.wall_s, "peak_gb": run.peak_gb}


def run_ours(windows: list[str], data: Path, out: Path) -> dict[str, Any]:
    """A monitor of the same rows, from Parquet to drift; the days of the first half are its baseline."""
    monitor = Monitor(out / f"peers-{'-'.join(['day', *windows])}", data)
    bench.make_project(
        monitor.project,
        numbers=PEER_NUMBERS,
        categories=PEER_CATEGORIES,
        declared={"drift_windows": windows},
        settings={"ml_baseline_days": PEER_DAYS // 2},
    )
    bench.remove_database(monitor.database)
    end = datetime.fromordinal(bench_data.START.toordinal()) + timedelta(days=PEER_DAYS)
    run = monitor.dbt("build", f"+{DRIFT}", end)
    with monitor.connect() as connection:
        values = connection.execute(
            f"""
            select window_grain, count(psi)
            from {DRIFT}
            where column_role = 'feature' and window_grain <> 'month'
            group by window_grain
            """
        ).fetchall()
    record = asdict(run) | {"values": dict(values), "drift_s": run.nodes[DRIFT]}
    record["before_s"] = run.wall_s - run.startup_s - run.nodes[DRIFT]
    bench.remove_database(monitor.database)
    return record


def measure_peers(rows: int, out: Path) -> dict[str, Any]:
    """The other tools and ours on the same rows, one after the other."""
    data = out / "peer-data"
    print(f"peers, {rows:,} rows: generating ...", flush=True)
    generate(rows, PEER_DAYS, PEER_NUMBERS, PEER_CATEGORIES, data)
    record: dict[str, Any] = {"rows": rows}
    for task in ("evidently", "nannyml_day", "nannyml_hour"):
        print(f"peers: {task} ...", flush=True)
        record[task] = run_peer(task, data, out)
    for name, windows in (("ours_day", []), ("ours_hour", ["hour"])):
        print(f"peers: {name} ...", flush=True)
        record[name] = run_ours(windows, data, out)
    return record


def print_peers(record: dict[str, Any]) -> None:
    """The rows side by side, and what each of them holds."""
    lines = []
    for task, words in {
        "evidently": "Evidently {version}, PSI preset, one window",
        "nannyml_day": "NannyML {version}, Jensen-Shannon, each day",
        "nannyml_hour": "NannyML {version}, Jensen-Shannon, each hour",
    }.items():
        one = record[task]
        figures = (one["reading_s"], one["seconds"], one["wall_s"], one["peak_gb"], one["values"])
        lines.append((words.format(**one), *figures))
    for task, words in {
        "ours_day": "ml_monitor, PSI and others, each day",
        "ours_hour": "ml_monitor, PSI and others, each day and hour",
    }.items():
        one = record[task]
        figures = (
            one["before_s"],
            one["drift_s"],
            one["wall_s"],
            one["peak_gb"],
            sum(one["values"].values()),
        )
        lines.append((words, *figures))
    print(f"\n{record['rows']:,} rows x 17 columns, one process after the other")
    head = f"{'what':<48}{'before s':>9}{'drift s':>9}{'process s':>11}{'peak GB':>9}{'values':>8}"
    print(f"{head}\n{'-' * len(head)}")
    for words, before, drift, wall, peak, values in lines:
        print(f"{words:<48}{before:>9.1f}{drift:>9.1f}{wall:>11.1f}{peak:>9.2f}{values:>8,}")
    print(
        "\nbefore: reading Parquet into memory (Evidently, NannyML); all nodes but drift, from first to last: seeds, log, grid,\n"
        "  hourly rollups of every column, baseline (ml_monitor). These are kept: a later run reads only what is new.\n"
        "drift: the tool's classes, data in memory, on the 15 days after a reference of 15 days; NannyML's fit, which works\n"
        "  through the reference by the same chunks, is in it. ml_monitor: the node, on all 30 days, with months against the\n"
        "  training set; seven distances, noise, baseline_variation, means and charts.\n"
        "process: the whole process, imports and the start of dbt included. values: distances of features."
    )


def main() -> int:
    """Run everything; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows-per-hour", type=int, default=1000)
    parser.add_argument("--days", type=int, default=90, help="more than 35")
    parser.add_argument("--repeat", type=int, default=3, help="days that come one at a time, and comparisons")
    parser.add_argument(
        "--out", type=Path, default=bench.ROOT / "build" / "bench_drift", help="folder to work in"
    )
    parser.add_argument("--peers", action="store_true", help="Evidently and NannyML, too")
    parser.add_argument("--peer-rows", type=int, default=2_000_000)
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    report: dict[str, Any] = {"measured_on": f"{date.today()}", "machine": bench.machine()}
    try:
        record = measure(arguments.rows_per_hour, arguments.days, arguments.repeat, out)
        report["drift"] = record
        if arguments.peers:
            report["peers"] = measure_peers(arguments.peer_rows, out)
    except (bench.BenchError, PeersError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1

    print(
        f"\n{record['rows']:,} rows in {record['days']} days, {len(NUMBERS + CATEGORIES)} features, {len(SEGMENTS)} segments: "
        f"{record['profile_rows']:,} rows of rollups, {record['drift_rows']:,} of drift\n"
    )
    days = ", ".join(f"{run['nodes'][DRIFT]:.1f}" for run in record["day"])
    peaks = {
        "day_s": max(run["peak_gb"] for run in record["day"]),
        "all_days_s": record["all_days"]["peak_gb"],
    }
    words = {
        "day_s": f"a day (each: {days})",
        "all_days_s": f"all {record['days']} days",
        "compare_s": "a week against four, compared at will",
    }
    print(f"{'':<13}  {'what':<42}{'s':>7}{'limit s':>9}{'peak GB':>9}")
    for name, limit in LIMITS.items():
        holds = "holds" if record[name] < limit else "DOES NOT HOLD"
        peak = f"{peaks[name]:.2f}" if name in peaks else ""
        print(f"{holds:<13}  {words[name]:<42}{record[name]:>7.2f}{limit:>9g}{peak:>9}")
    if arguments.peers:
        print_peers(report["peers"])
    load = report["machine"]["load_average"][0]
    if load > 0.5 * report["machine"]["usable_cores"]:
        print(f"\nThe machine was busy when this began (load {load}): times are longer than need be.")
    report["limits"] = {
        name: {"limit": limit, "holds": record[name] < limit} for name, limit in LIMITS.items()
    }
    target = out / "bench_drift.json"
    target.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\n{target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

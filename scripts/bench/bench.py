"""Time and memory of the pipeline beside a hand-written script that does the least that could work.

    python scripts/bench/bench.py [--rows 1000000 10000000] [--runs N] [--out build/bench] [--flights data/raw]

For each size, bench_data.py generates the raw log (16 numeric and 4 categorical features, a score, 30 days,
1 % repeats), and two things are run on it by turns, each in a process of its own with two threads:

- pipeline: ``dbt build`` of one monitor into an empty DuckDB file, staging to checks and gates, in a copy of
  this project below ``--out``;
- floor: bench_floor.py, a plain DuckDB script that copies the log without repeats, counts the hourly cells
  and works out PSI.

Measured from outside: wall time, user and system CPU time, and peak resident memory (wait4). Medians over
the runs are reported. The ratio is pipeline less start-up, over floor. dbt's fixed start-up in wall time is
the whole command less the span from the start of the first node to the end of the last in run_results.json
(the project's hooks count as nodes); in CPU time it is what the same command takes when nothing is selected.

Where the raw logs of the demo are (``make demo`` writes them), the build step of the demo is timed too.
Afterwards the results are compared: equal row counts, the shift of ``f02`` from day 25 on found by both, no
error, and only the drift gate failing. Prints a table and whether the limits hold, and writes
``bench.json``. The exit status is 0, limits held or not, unless something broke.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import bench_data
import duckdb
import yaml

sys.path.append(str(Path(__file__).resolve().parents[1]))
import demo

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
DBT = Path(sys.executable).with_name("dbt")
PROJECT_PARTS = ["macros", "models/records", "seeds", "profiles", "tests/generic"]
MONITOR = "bench"
AS_OF = f"{bench_data.START + timedelta(days=bench_data.DAYS)} 00:00:00"
DRIFT_FROM = bench_data.START + timedelta(days=24)
# The serving baseline ends before the drift begins, and is long enough to be calibrated.
BASELINE_DAYS = 20
EXPECTED_FAILING_TESTS = {"bench__gate_drift"}
MANY_ROWS = 10_000_000
LIMITS = {"wall_ratio": 1.5, "peak_gb": 6.0, "flights_wall_s": 30.0}
SLOWEST = 5

NUMBERS = [f"f{index:02d}" for index in range(1, 17)]
CATEGORIES = [f"c{index}" for index in range(1, 5)]


class BenchError(Exception):
    """Something broke; its text says what."""


@dataclass
class Run:
    """One process, measured from outside."""

    wall_s: float
    cpu_s: float
    peak_gb: float
    exit_code: int
    startup_s: float = 0.0
    nodes: dict[str, float] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)


def measured(
    command: list[str], log: Path, cwd: Path = ROOT, environment: dict[str, str] | None = None
) -> Run:
    """Run a command with its output in a file; wall time, CPU time and peak memory are the kernel's."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=os.environ | (environment or {}), stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    kilobyte = 1 if sys.platform == "darwin" else 1024
    return Run(
        wall_s=wall,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_gb=usage.ru_maxrss * kilobyte / 1e9,
        exit_code=process.returncode,
    )


def tail(log: Path, lines: int = 30) -> str:
    """The end of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def remove_database(path: Path) -> None:
    """Remove a DuckDB file and its log."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


# The project


def column(name: str, data_type: str, role: str | None = None, **more: Any) -> dict[str, Any]:
    """A column of a staging model."""
    described: dict[str, Any] = {"name": name, "data_type": data_type}
    if role:
        described["config"] = {"meta": {"role": role, **more}}
    return described


def staging_yaml(
    labels: bool, numbers: list[str], categories: list[str], declared: dict[str, Any]
) -> dict[str, Any]:
    """Sources and staging models of the monitor."""
    features = [column(name, "double", "feature") for name in numbers]
    features += [column(name, "string", "feature") for name in categories]
    inferences = [
        column("prediction_id", "string", "prediction_id"),
        column("event_time", "timestamp", "event_time"),
        column("ingest_time", "timestamp", "ingest_time"),
        column("model_version", "string", "model_version"),
        *features,
        column("score", "double", "score", min=0, max=1),
        column("prediction", "int", "prediction"),
        column("latency_ms", "double", "latency_ms"),
    ]
    kept = [*numbers, *categories, "score", "prediction"]
    reference = [column(one["name"], one["data_type"]) for one in inferences if one["name"] in kept]
    raw = "{{ env_var('ML_RAW_PATH') }}"
    tables = [
        ("bench_inferences", f"read_parquet('{raw}/bench_inferences/*.parquet')"),
        ("bench_reference", f"read_parquet('{raw}/bench_reference.parquet')"),
    ]
    contract = {"enforced": True}
    of_labels = [
        column("prediction_id", "string", "prediction_id"),
        column("label", "int", "label"),
        column("label_time", "timestamp", "label_time"),
        column("ingest_time", "timestamp", "ingest_time"),
    ]
    more = []
    if labels:
        tables.append(("bench_labels", f"read_parquet('{raw}/bench_labels/*.parquet')"))
        more.append(
            {"name": f"stg_{MONITOR}__labels", "config": {"contract": contract}, "columns": of_labels}
        )
    return {
        "sources": [
            {
                "name": "raw",
                "tables": [
                    {"name": name, "config": {"meta": {"external_location": location}}}
                    for name, location in tables
                ],
            }
        ],
        "models": [
            {
                "name": f"stg_{MONITOR}__inferences",
                "config": {
                    "contract": contract,
                    "meta": {"ml_monitor": {"task": "binary", "owner": "bench@example.com"} | declared},
                },
                "columns": inferences,
            },
            {"name": f"stg_{MONITOR}__reference", "config": {"contract": contract}, "columns": reference},
            *more,
        ],
    }


def make_project(
    folder: Path,
    labels: bool = False,
    numbers: list[str] = NUMBERS,
    categories: list[str] = CATEGORIES,
    declared: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
) -> None:
    """Copy this project's macros, seeds, profiles and tests, and give it the one monitor.

    ``declared`` is added to what the monitor declares, ``settings`` to the vars of the project.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for part in PROJECT_PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "demo_*"))
    seeds = folder / "seeds" / "_seeds.yml"
    described = yaml.safe_load(seeds.read_text())
    described["seeds"] = [seed for seed in described["seeds"] if not seed["name"].startswith("demo_")]
    seeds.write_text(yaml.safe_dump(described, sort_keys=False))

    parts = ["labels", "reference"] if labels else ["reference"]
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
    project["vars"] = {
        "ml_monitors": {MONITOR: parts},
        "ml_policy_seeds": ["ml_policy_rules"],
        "ml_baseline_days": BASELINE_DAYS,
        **(settings or {}),
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project, sort_keys=False))

    staging = folder / "models" / "staging"
    staging.mkdir(parents=True)
    described = staging_yaml(labels, numbers, categories, declared or {})
    (staging / f"_{MONITOR}.yml").write_text(yaml.safe_dump(described, sort_keys=False))
    for table in ("inferences", *parts):
        select = f"select * from {{{{ source('raw', 'bench_{table}') }}}}\n"
        (staging / f"stg_{MONITOR}__{table}.sql").write_text(select)
    command = [sys.executable, str(SCRIPTS / "scaffold.py"), MONITOR, "--parts", *parts]
    written = subprocess.run(
        [*command, "--project-dir", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if written.returncode:
        raise BenchError(f"scaffold.py failed:\n{written.stdout}")


def dbt_environment(profiles: Path, raw: Path, database: Path, as_of: str) -> dict[str, str]:
    """What dbt is told by environment variables."""
    return {
        "DBT_PROFILES_DIR": str(profiles),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "ML_TARGET": "duckdb",
        "ML_SCHEMA": "main",
        "ML_THREADS": "2",
        "ML_DUCKDB_MEMORY": "5GB",
        "ML_RAW_PATH": str(raw),
        "ML_DUCKDB_PATH": str(database),
        "ML_AS_OF": as_of,
    }


# Running


def node_spans(target: Path, run: Run, log: Path) -> set[str]:
    """Fill in start-up and nodes from the artifacts of a build; returns the names of the failing tests."""
    artifact = target / "run_results.json"
    if run.exit_code not in (0, 1) or not artifact.is_file():
        raise BenchError(f"dbt build exited {run.exit_code}:\n{tail(log)}")
    results = json.loads(artifact.read_text())["results"]
    manifest = json.loads((target / "manifest.json").read_text())
    moments: list[datetime] = []
    failing: set[str] = set()
    for result in results:
        name = manifest["nodes"].get(result["unique_id"], {}).get("name", result["unique_id"])
        run.nodes[name] = result["execution_time"]
        for timing in result["timing"]:
            for key in ("started_at", "completed_at"):
                moments.append(datetime.fromisoformat(timing[key]))
        if result["status"] == "error":
            raise BenchError(f"{name}: {result['message']}\n{tail(log)}")
        if result["status"] == "fail":
            failing.add(name)
    run.startup_s = run.wall_s - (max(moments) - min(moments)).total_seconds()
    return failing


def run_pipeline(project: Path, raw: Path, database: Path) -> Run:
    """Build the monitor into an empty database."""
    remove_database(database)
    shutil.rmtree(project / "target", ignore_errors=True)
    log = project / "dbt_build.log"
    environment = dbt_environment(project / "profiles", raw, database, AS_OF)
    command = [str(DBT), "--no-use-colors", "--no-partial-parse", "build"]
    run = measured(command, log, project, environment)
    failing = node_spans(project / "target", run, log)
    if failing != EXPECTED_FAILING_TESTS:
        raise BenchError(
            f"failing tests: {sorted(failing)}, expected {sorted(EXPECTED_FAILING_TESTS)}\n{tail(log)}"
        )
    return run


def run_startup(project: Path, raw: Path) -> Run:
    """The same command with nothing selected: what dbt takes before its first node."""
    log = project / "dbt_startup.log"
    environment = dbt_environment(project / "profiles", raw, project / "startup.duckdb", AS_OF)
    command = [
        str(DBT),
        "--no-use-colors",
        "--no-partial-parse",
        "build",
        "--select",
        "tag:nothing_has_this_tag",
    ]
    run = measured([*command, "--target-path", str(project / "target_startup")], log, project, environment)
    if run.exit_code:
        raise BenchError(f"dbt build of nothing exited {run.exit_code}:\n{tail(log)}")
    return run


def run_floor(data: Path, database: Path, log: Path) -> Run:
    """Run the hand-written script."""
    command = [
        sys.executable,
        str(SCRIPTS / "bench" / "bench_floor.py"),
        "--data",
        str(data),
        "--database",
        str(database),
    ]
    run = measured(command, log)
    if run.exit_code:
        raise BenchError(f"bench_floor.py exited {run.exit_code}:\n{tail(log)}")
    run.report = json.loads(log.read_text().splitlines()[-1])
    return run


def run_flights(raw: Path, out: Path) -> Run:
    """The build step of the demo, into an empty database."""
    folder = out / "flights"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    database, log = folder / "flights.duckdb", folder / "dbt_build.log"
    command = [
        str(DBT),
        "--no-use-colors",
        "build",
        "--vars",
        json.dumps({"ml_gate_lookback_hours": demo.LOOKBACK_HOURS}),
    ]
    command += ["--target-path", str(folder / "target"), "--log-path", str(folder)]
    environment = dbt_environment(ROOT / "profiles", raw, database, demo.AS_OF)
    run = measured(command, log, ROOT, environment)
    failing = node_spans(folder / "target", run, log)
    if failing != demo.EXPECTED_FAILING_TESTS:
        raise BenchError(
            f"flights: failing tests: {sorted(failing)}, expected {sorted(demo.EXPECTED_FAILING_TESTS)}"
        )
    remove_database(database)
    return run


# Comparing the results


def compare_results(rows: int, data: Path, pipeline: Path, floor: Path) -> dict[str, Any]:
    """Row counts and the PSI of f02 on both sides; raises if they disagree."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(f"attach '{pipeline}' as pipeline (read_only)")
    connection.execute(f"attach '{floor}' as floor (read_only)")

    def one(sql: str) -> Any:
        return connection.execute(sql).fetchone()[0]

    counts = {
        "raw": one(f"select count(*) from read_parquet('{data}/bench_inferences/*.parquet')"),
        "pipeline_log": one(f"select count(*) from pipeline.{MONITOR}__inferences_log"),
        "pipeline_current": one(
            f"select count(*) from pipeline.{MONITOR}__inferences_log where ml_row_state = 'current'"
        ),
        "floor": one("select count(*) from floor.inferences"),
    }
    if counts["raw"] != counts["pipeline_log"] or {counts["pipeline_current"], counts["floor"]} != {rows}:
        raise BenchError(f"row counts disagree for {rows} predictions: {counts}")

    days = connection.execute(f"""
        select d.window_start::date, d.psi, d.is_drift_detected, p.psi
        from pipeline.{MONITOR}__drift as d
        left join floor.psi as p on p.column_name = 'f02' and p.day = d.window_start::date
        where
            d.column_name = 'f02' and d.window_grain = 'day' and d.baseline = 'serving'
            and d.segment_name = '__all__'
        order by d.window_start
    """).fetchall()
    connection.close()
    before = [row for row in days if row[0] < DRIFT_FROM]
    after = [row for row in days if row[0] >= DRIFT_FROM]
    least, most = min(row[1] for row in after), max(row[1] for row in before)
    least_floor = min(row[3] for row in after)
    most_floor = max(row[3] for row in before if row[3] is not None)
    agreed = (
        len(days) == bench_data.DAYS
        and all(row[2] for row in after)
        and not any(row[2] for row in before)
        and least > 3 * most
        and least_floor > 3 * most_floor
        and all(abs(row[1] - row[3]) < 0.2 * row[3] for row in after)
    )
    shown = (
        f"PSI of f02 from {DRIFT_FROM} on: pipeline {least:.3f} or more (before: {most:.4f} or less), "
        f"floor {least_floor:.3f} or more (before: {most_floor:.4f} or less)"
    )
    if not agreed:
        raise BenchError(f"the shift of f02 is not found alike. {shown}")
    return {"counts": counts, "f02": shown}


# Reporting


@dataclass
class Line:
    """One row of the table."""

    rows: int | None
    what: str
    wall_s: float
    cpu_s: float
    peak_gb: float | None = None
    wall_ratio: float | None = None
    cpu_ratio: float | None = None

    def cells(self) -> list[str]:
        """The row as text."""

        def text(value: float | None, form: str, unit: str = "") -> str:
            return "" if value is None else format(value, form) + unit

        return [
            text(self.rows, ","),
            self.what,
            f"{self.wall_s:.1f}",
            f"{self.cpu_s:.1f}",
            text(self.peak_gb, ".2f"),
            text(self.wall_ratio, ".2f"),
            text(self.cpu_ratio, ".2f"),
        ]


def table_text(lines: list[Line]) -> str:
    """The table; text to the left, numbers to the right."""
    heads = ["rows", "what", "wall s", "cpu s", "peak GB", "wall ratio", "cpu ratio"]
    cells = [heads, *(line.cells() for line in lines)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(heads))]
    shown = [
        "  ".join(
            text.ljust(width) if index == 1 else text.rjust(width)
            for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join([shown[0], "-" * len(shown[0]), *shown[1:]])


def median(runs: list[Run], name: str) -> float:
    """Median of one measure."""
    return statistics.median(getattr(run, name) for run in runs)


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    facts: dict[str, Any] = {
        "cores": os.cpu_count(),
        "usable_cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_average": [round(value, 2) for value in os.getloadavg()],
        "platform": platform.platform(),
        "python": platform.python_version(),
    }
    facts |= {name: version(name) for name in ("duckdb", "dbt-core", "dbt-duckdb")}
    with_names = Path("/proc/cpuinfo")
    if with_names.is_file():
        models = [
            line.split(":", 1)[1].strip()
            for line in with_names.read_text().splitlines()
            if "model name" in line
        ]
        facts["processor"] = models[0] if models else platform.processor()
    if "SC_PHYS_PAGES" in os.sysconf_names:
        facts["memory_gb"] = round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1)
    return facts


def bench_size(rows: int, runs: int, out: Path) -> tuple[list[Line], dict[str, Any]]:
    """Generate, run by turns, compare; returns the rows of the table and what goes to the JSON file."""
    data, project = out / f"data-{rows}", out / f"project-{rows}"
    database, floor_database = project / "bench.duckdb", out / f"floor-{rows}.duckdb"
    log = out / f"floor-{rows}.log"
    print(f"{rows:,} rows: generating ...", flush=True)
    generate = [
        sys.executable,
        str(SCRIPTS / "bench" / "bench_data.py"),
        "--rows",
        str(rows),
        "--out",
        str(data),
    ]
    if measured(generate, log).exit_code:
        raise BenchError(f"bench_data.py failed:\n{tail(log)}")
    make_project(project)
    startup = run_startup(project, data)
    floors: list[Run] = []
    pipelines: list[Run] = []
    for number in range(1, runs + 1):
        print(f"{rows:,} rows: run {number} of {runs}, floor ...", flush=True)
        floors.append(run_floor(data, floor_database, log))
        print(f"{rows:,} rows: run {number} of {runs}, pipeline ...", flush=True)
        pipelines.append(run_pipeline(project, data, database))
    compared = compare_results(rows, data, database, floor_database)
    remove_database(database)
    remove_database(floor_database)

    net_wall = statistics.median(run.wall_s - run.startup_s for run in pipelines)
    net_cpu = max(0.0, median(pipelines, "cpu_s") - startup.cpu_s)
    wall, cpu = median(floors, "wall_s"), median(floors, "cpu_s")
    lines = [
        Line(rows, "floor", wall, cpu, median(floors, "peak_gb"), 1.0, 1.0),
        Line(
            rows,
            "pipeline",
            median(pipelines, "wall_s"),
            median(pipelines, "cpu_s"),
            median(pipelines, "peak_gb"),
        ),
        Line(rows, "  start-up of dbt", median(pipelines, "startup_s"), startup.cpu_s),
        Line(rows, "  less start-up", net_wall, net_cpu, None, net_wall / wall, net_cpu / cpu),
    ]
    slowest = sorted(pipelines[-1].nodes.items(), key=lambda item: -item[1])[:SLOWEST]
    record = {
        "rows": rows,
        "floor": [asdict(run) for run in floors],
        "pipeline": [asdict(run) for run in pipelines],
        "startup": asdict(startup),
        "slowest_nodes": dict(slowest),
        "compared": compared,
        "wall_ratio": net_wall / wall,
        "cpu_ratio": net_cpu / cpu,
        "peak_gb": max(run.peak_gb for run in pipelines),
    }
    return lines, record


def limits_text(sizes: list[dict[str, Any]], flights: Run | None) -> list[tuple[str, bool | None]]:
    """Each limit in words with whether it holds; None if it was not measured."""
    many = [size for size in sizes if size["rows"] >= MANY_ROWS]
    ratio = max((size["wall_ratio"] for size in many), default=None)
    peak = max((size["peak_gb"] for size in many), default=None)
    wall = flights.wall_s if flights else None
    checks = [
        ("wall_ratio", ratio, "pipeline less start-up over floor, wall time at 10M rows", ""),
        ("peak_gb", peak, "peak memory of the pipeline at 10M rows", " GB"),
        ("flights_wall_s", wall, "build step of the demo", " s"),
    ]
    result: list[tuple[str, bool | None]] = []
    for name, value, words, unit in checks:
        limit = LIMITS[name]
        if value is None:
            result.append((f"{words}: not measured (limit {limit:g}{unit})", None))
        else:
            result.append((f"{words}: {value:.2f}{unit} (limit {limit:g}{unit})", value <= limit))
    return result


def main() -> int:
    """Run everything; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rows", type=int, nargs="*", default=[1_000_000, MANY_ROWS], help="sizes of the log"
    )
    parser.add_argument("--runs", type=int, help="runs of each (default: 1 from 10M rows on, else 2)")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench", help="folder to work in")
    parser.add_argument(
        "--flights", type=Path, default=demo.RAW, help="raw logs of the demo, if they are there"
    )
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)

    facts = machine()
    lines: list[Line] = []
    sizes: list[dict[str, Any]] = []
    flights = None
    try:
        for rows in arguments.rows:
            runs = arguments.runs or (1 if rows >= MANY_ROWS else 2)
            more, record = bench_size(rows, runs, out)
            lines += more
            sizes.append(record)
        if (arguments.flights / "injected_faults.csv").is_file():
            print("flights: build step of the demo ...", flush=True)
            flights = run_flights(arguments.flights.resolve(), out)
            lines.append(
                Line(
                    None,
                    "flights: make demo build step (dbt only)",
                    flights.wall_s,
                    flights.cpu_s,
                    flights.peak_gb,
                )
            )
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1

    print(f"\n{table_text(lines)}\n")
    print(
        "Medians. Ratios are to the floor of the same size. Start-up: wall time before dbt's first node\n"
        "and after its last (hooks are nodes), and the CPU time of the same command with nothing selected."
    )
    for size in sizes:
        print(f"\n{size['rows']:,} rows: row counts match. {size['compared']['f02']}. Slowest nodes:")
        for name, seconds in size["slowest_nodes"].items():
            print(f"  {seconds:6.1f} s  {name}")
    print()
    limits = limits_text(sizes, flights)
    words = {True: "holds", False: "DOES NOT HOLD", None: "-"}
    for text, holds in limits:
        print(f"  {words[holds]:<13}  {text}")
    load = facts["load_average"][0]
    if load > 0.5 * facts["usable_cores"]:
        print(f"  The machine was busy when this began (load {load}): wall times are longer than need be.")
    report = {
        "measured_on": f"{date.today()}",
        "machine": facts,
        "sizes": sizes,
        "flights": asdict(flights) if flights else None,
        "limits": [{"limit": text, "holds": holds} for text, holds in limits],
    }
    target = out / "bench.json"
    target.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\n{target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a fleet of monitors costs in a project that installs ml_monitor as a package.

    python scripts/bench/bench_fleet.py [--sizes 1 10 50] [--repeat 3] [--repository .] [--out build/bench_fleet]

For each size a dbt project is written that has the checkout ``--repository`` in its ``packages.yml`` (``local:``) and so
many monitors from its ``scaffold.py``: binary, with labels, a training set and one lookup, 40 days of 600 healthy rows
each, on DuckDB with two threads. Measured, each command in a process of its own:

- models, tests and lines of YAML that the scaffold writes for a monitor, nodes in all;
- full parse (``dbt parse --no-partial-parse``) and partial parse (``dbt parse``, nothing changed): user and system
  CPU seconds;
- quiet run: ``dbt build`` again on the same data as of the same moment (with the selector ``scheduled`` if the
  scaffold wrote one into the project; dbt does not take selectors from packages);
- bare: the same of a project with the same names, dependencies, materializations and tests, whose bodies are
  ``select 1``, without contracts and hooks: what dbt itself takes for so many nodes. Quiet and bare runs take turns;
- one hour: a run when an hour of rows has come to one monitor.

Medians of ``--repeat`` runs (one hour: one run). Gates that fail are named and stop nothing. Prints a table and whether
the aims hold, and writes ``bench_fleet.json``. The exit status is 0, aims held or not, unless something broke.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import bench
import bench_data
import duckdb
import yaml

PACKAGE = "ml_monitor"
PROJECT = "fleet"
PARTS = ["labels", "reference", "customer"]
DAYS = 40
# Enough for the limits that ml_monitor ships: 500 rows a day, 20 an hour.
ROWS_PER_DAY = 600
AS_OF = f"{bench_data.START + timedelta(days=DAYS)} 00:00:00"
LAST_HOUR = f"timestamp '{AS_OF}' - interval 1 hour"
PROFILE = {
    "type": "duckdb",
    "path": "{{ env_var('ML_DUCKDB_PATH') }}",
    "threads": 2,
    "settings": {"preserve_insertion_order": False, "TimeZone": "UTC", "memory_limit": "5GB"},
}
# Materializations that the bare project has, too; a package's own count as incremental.
KINDS = ("view", "table", "incremental", "ephemeral")
LIMITS = {"models": 20, "tests": 10, "yaml_lines": 80, "ratio": 1.5}
FIFTY = {"quiet_wall_s": 75.0, "full_parse_cpu_s": 40.0}

INFERENCES = f"""
    select
        'p' || i as prediction_id,
        event_time,
        event_time + interval 30 second as ingest_time,
        'v1' as model_version,
        category(i, 40, 'c', 4) as country,
        100 + 15 * normal(i, 10) as amount,
        floor(-5 * ln(u(i, 12)))::integer as visits,
        (i % 300)::integer as customer_id,
        u(i, 14) * u(i, 15) as score,
        (u(i, 14) * u(i, 15) >= 0.5)::integer as prediction,
        20 * exp(0.5 * normal(i, 16)) as latency_ms
    from (
        select range as i, timestamp '{bench_data.START}' + to_seconds(range * {86400 // ROWS_PER_DAY}) as event_time
        from range({DAYS * ROWS_PER_DAY})
    )
"""
LABELS = """
    select
        prediction_id,
        (hash(prediction_id) % 1000 < 1000 * score)::integer as label,
        event_time + interval 2 hour as label_time,
        event_time + interval 2 hour as ingest_time
    from inferences
"""
REFERENCE = """
    select model_version, country, amount, visits, score, prediction, label
    from inferences join labels using (prediction_id)
"""


# Data and projects


def generate(raw: Path) -> None:
    """Write the raw tables below ``raw``: ``rest`` for all monitors but the first, whose ``first`` lacks the last hour."""
    shutil.rmtree(raw, ignore_errors=True)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(bench_data.MACROS)
        connection.execute(f"create table inferences as {INFERENCES}")
        connection.execute(f"create table labels as {LABELS}")
        tables = {
            "inferences": "from inferences",
            "labels": "from labels",
            "reference": REFERENCE,
            "customer": "select range::integer as id from range(300)",
        }
        for folder in ("first", "rest"):
            for table, select in tables.items():
                (raw / folder / table).mkdir(parents=True)
                old = (
                    f" where ingest_time < {LAST_HOUR}" if (folder, table) == ("first", "inferences") else ""
                )
                target = raw / folder / table / "data.parquet"
                connection.execute(f"copy ({select}{old}) to '{target}' (format parquet)")
        hour = f"from inferences where ingest_time >= {LAST_HOUR}"
        connection.execute(f"copy ({hour}) to '{raw}/hour.parquet' (format parquet)")


def staging_yaml(monitor: str) -> dict[str, Any]:
    """The staging models of a monitor, with its declaration."""
    column = bench.column
    features = {"country": "string", "amount": "double", "visits": "int"}
    times = [column(name, "timestamp", name) for name in ("event_time", "ingest_time")]
    tables = {
        "inferences": [
            column("prediction_id", "string", "prediction_id"),
            *times,
            column("model_version", "string", "model_version"),
            *(column(name, kind, "feature") for name, kind in features.items()),
            column("customer_id", "int", "join_key"),
            column("score", "double", "score", min=0, max=1),
            column("prediction", "int", "prediction"),
            column("latency_ms", "double", "latency_ms", min=0),
        ],
        "labels": [
            column("prediction_id", "string", "prediction_id"),
            column("label", "int", "label"),
            column("label_time", "timestamp", "label_time"),
            column("ingest_time", "timestamp", "ingest_time"),
        ],
        "reference": [
            column("model_version", "string", "model_version"),
            *(column(name, kind) for name, kind in features.items()),
            column("score", "double"),
            column("prediction", "int"),
            column("label", "int", "label"),
        ],
        "customer": [column("id", "int", "join_key", inference_column="customer_id")],
    }
    declared = {"task": "binary", "owner": "bench@example.com", "segments": ["country"]}
    declared["label_horizon_hours"] = 24
    models = []
    for table, columns in tables.items():
        config: dict[str, Any] = {"contract": {"enforced": True}}
        if table == "inferences":
            config["meta"] = {PACKAGE: declared}
        models.append({"name": f"stg_{monitor}__{table}", "config": config, "columns": columns})
    return {"models": models}


def write(path: Path, content: str | dict[str, Any]) -> None:
    """Write a file, with its folders; a dict as YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False))


def write_project(folder: Path, settings: dict[str, Any]) -> None:
    """An empty dbt project with its profile."""
    shutil.rmtree(folder, ignore_errors=True)
    project = {
        "name": PROJECT,
        "version": "1.0.0",
        "config-version": 2,
        "profile": PROJECT,
        "flags": {"send_anonymous_usage_stats": False},
    }
    write(folder / "dbt_project.yml", project | settings)
    write(folder / "profiles.yml", {PROJECT: {"target": "duckdb", "outputs": {"duckdb": PROFILE}}})


def yaml_lines(folder: Path) -> int:
    """Lines of all YAML of a project."""
    return sum(len(path.read_text().splitlines()) for path in folder.rglob("*.yml"))


def make_fleet(folder: Path, repository: Path, raw: Path, size: int) -> float:
    """Write the project with its monitors; returns the lines of YAML that the scaffold wrote for each."""
    monitors = [f"m{number:02d}" for number in range(1, size + 1)]
    settings = {
        "vars": {"ml_monitors": dict.fromkeys(monitors, PARTS)},
        "models": {PROJECT: {"staging": {"+materialized": "view"}}},
    }
    write_project(folder, settings)
    write(folder / "packages.yml", {"packages": [{"local": str(repository)}]})
    before = yaml_lines(folder)
    for monitor in monitors:
        command = [sys.executable, str(repository / "scripts" / "scaffold.py"), monitor, "--parts", *PARTS]
        done = subprocess.run(
            [*command, "--project-dir", str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise bench.BenchError(f"scaffold.py failed:\n{done.stdout}{done.stderr}")
    lines = (yaml_lines(folder) - before) / size
    for monitor in monitors:
        staging = folder / "models" / "staging" / monitor
        write(staging / f"_{monitor}.yml", staging_yaml(monitor))
        for table in ("inferences", *PARTS):
            source = raw / ("first" if monitor == monitors[0] else "rest") / table
            sql = f"select * from read_parquet('{source}/*.parquet')\n"
            write(staging / f"stg_{monitor}__{table}.sql", sql)
    return lines


def make_bare(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a project with the DAG of another, whose bodies are ``select 1``."""
    write_project(folder, {"seeds": {"+quote_columns": False}})
    nodes = manifest["nodes"]
    for node in nodes.values():
        name, kind = node["name"], node["resource_type"]
        parents = [nodes[parent]["name"] for parent in node["depends_on"].get("nodes", []) if parent in nodes]
        refs = "".join(f"-- depends_on: {{{{ ref('{parent}') }}}}\n" for parent in parents)
        if kind == "seed":
            write(folder / "seeds" / f"{name}.csv", "one\n1\n")
        elif kind == "model":
            materialized = node["config"]["materialized"]
            materialized = materialized if materialized in KINDS else "incremental"
            config = f"{{{{ config(materialized='{materialized}') }}}}\n"
            write(folder / "models" / f"{name}.sql", f"{config}{refs}select 1 as one\n")
        elif kind == "test":
            write(folder / "tests" / f"{name}.sql", f"{refs}select 1 as one where 1 = 0\n")


# Running


class Project:
    """A dbt project that is run from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failing: set[str] = set()

    def dbt(self, *arguments: str) -> bench.Run:
        """One command; it may exit with 1 only where tests fail, which are kept in ``failing``."""
        log = self.folder / "dbt.log"
        artifact = self.folder / "target" / "run_results.json"
        artifact.unlink(missing_ok=True)
        environment = bench.dbt_environment(
            self.folder, self.folder / "raw", self.folder / "fleet.duckdb", AS_OF
        )
        run = bench.measured([str(bench.DBT), "--no-use-colors", *arguments], log, self.folder, environment)
        results = json.loads(artifact.read_text())["results"] if artifact.is_file() else []
        statuses = Counter(one["status"] for one in results)
        if run.exit_code > 1 or statuses["error"] or (run.exit_code and not statuses["fail"]):
            raise bench.BenchError(f"dbt {' '.join(arguments)} exited {run.exit_code}:\n{bench.tail(log)}")
        self.failing = {one["unique_id"].split(".")[2] for one in results if one["status"] == "fail"}
        return run

    def manifest(self) -> dict[str, Any]:
        """The manifest of the last command."""
        return json.loads((self.folder / "target" / "manifest.json").read_text())


def seconds(runs: list[bench.Run]) -> dict[str, float]:
    """Medians of several runs."""
    return {key: statistics.median(getattr(run, key) for run in runs) for key in ("wall_s", "cpu_s")}


def measure(size: int, repeat: int, repository: Path, out: Path) -> dict[str, Any]:
    """Make a fleet and its bare twin, and run both."""
    raw = out / "raw"
    generate(raw)
    fleet, bare = Project(out / f"fleet-{size}"), Project(out / f"bare-{size}")
    print(f"{size} monitors: writing the project ...", flush=True)
    record: dict[str, Any] = {"monitors": size, "yaml_lines": make_fleet(fleet.folder, repository, raw, size)}
    fleet.dbt("deps")
    print(f"{size} monitors: parsing ...", flush=True)
    record["full_parse"] = seconds([fleet.dbt("parse", "--no-partial-parse") for _ in range(repeat)])
    record["partial_parse"] = seconds([fleet.dbt("parse") for _ in range(repeat)])
    manifest = fleet.manifest()
    selected = ["--selector", "scheduled"] if "scheduled" in manifest["selectors"] else []
    record["command"] = " ".join(["dbt build", *selected])
    own = [node for node in manifest["nodes"].values() if node["package_name"] == PROJECT]
    kinds = Counter(
        node["resource_type"] for node in own if not node["original_file_path"].startswith("models/staging/")
    )
    record |= {"models": kinds["model"] / size, "tests": kinds["test"] / size}
    record["nodes"] = sum(
        node["resource_type"] in ("model", "seed", "test") for node in manifest["nodes"].values()
    )

    print(f"{size} monitors: first build ...", flush=True)
    record["first"] = seconds([fleet.dbt("build")])
    make_bare(bare.folder, manifest)
    bare.dbt("build")
    print(f"{size} monitors: quiet runs ...", flush=True)
    quiet, of_bare = [], []
    for _ in range(repeat):
        quiet.append(fleet.dbt("build", *selected))
        of_bare.append(bare.dbt("build"))
    record |= {"quiet": seconds(quiet), "bare": seconds(of_bare), "failing": sorted(fleet.failing)}
    record["quiet_walls_s"] = [run.wall_s for run in quiet]
    record["bare_walls_s"] = [run.wall_s for run in of_bare]
    record["ratio"] = record["quiet"]["wall_s"] / record["bare"]["wall_s"]
    record["cpu_ratio"] = record["quiet"]["cpu_s"] / record["bare"]["cpu_s"]
    if fleet.failing:
        print(f"{size} monitors: failing tests: {', '.join(sorted(fleet.failing))}", flush=True)
    shutil.copy2(raw / "hour.parquet", raw / "first" / "inferences" / "hour.parquet")
    record["hour"] = seconds([fleet.dbt("build", *selected)])
    for project in (fleet, bare):
        shutil.rmtree(project.folder)
    return record


# Reporting


HEAD = f"{'monitors':>8}{'models':>8}{'tests':>7}{'YAML':>7}{'nodes':>7}{'full parse':>12}{'partial':>9}"
HEAD += "".join(f"{words:>16}" for words in ("first", "quiet", "bare", "one hour", "quiet / bare"))


def row(record: dict[str, Any]) -> str:
    """A line of the table: what was measured of one size."""
    runs = "".join(
        f"{record[key]['wall_s']:>8.1f} / {record[key]['cpu_s']:>5.1f}"
        for key in ("first", "quiet", "bare", "hour")
    )
    return (
        f"{record['monitors']:>8}{record['models']:>8g}{record['tests']:>7g}{record['yaml_lines']:>7g}"
        f"{record['nodes']:>7}{record['full_parse']['cpu_s']:>12.1f}{record['partial_parse']['cpu_s']:>9.1f}"
        f"{runs}{record['ratio']:>8.2f} / {record['cpu_ratio']:>5.2f}"
    )


def aims(records: list[dict[str, Any]]) -> list[tuple[str, float, float]]:
    """What is aimed at: (in words, value, limit)."""
    largest = records[-1]
    result = [
        ("models of a monitor", largest["models"], LIMITS["models"]),
        ("tests of a monitor", largest["tests"], LIMITS["tests"]),
        ("lines of YAML of a monitor", largest["yaml_lines"], LIMITS["yaml_lines"]),
    ]
    for record in records:
        words = f"{record['monitors']} monitors: quiet run over the bare project"
        result.append((f"{words}, wall", record["ratio"], LIMITS["ratio"]))
        if record["monitors"] == 50:
            quiet, parse = record["quiet"]["wall_s"], record["full_parse"]["cpu_s"]
            result.append(("50 monitors: quiet run, wall s", quiet, FIFTY["quiet_wall_s"]))
            result.append(("50 monitors: full parse, CPU s", parse, FIFTY["full_parse_cpu_s"]))
    return result


def main() -> int:
    """Run everything; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 50], help="numbers of monitors")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each kind")
    parser.add_argument(
        "--repository", type=Path, default=bench.ROOT, help="the checkout that is installed as the package"
    )
    parser.add_argument(
        "--out", type=Path, default=bench.ROOT / "build" / "bench_fleet", help="folder to work in"
    )
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    repository = arguments.repository.resolve()
    print(f"Seconds, wall / CPU (parse: CPU); medians of {arguments.repeat}\n")
    print(f"{HEAD}\n{'-' * len(HEAD)}", flush=True)
    records = []
    try:
        for size in sorted(arguments.sizes):
            records.append(measure(size, arguments.repeat, repository, out))
            # A size takes minutes: what is known is printed and kept.
            print(row(records[-1]), flush=True)
            report = {"machine": bench.machine(), "repository": str(repository), "fleets": records}
            (out / "bench_fleet.json").write_text(json.dumps(report, indent=2) + "\n")
    except bench.BenchError as error:
        print(f"bench_fleet: {error}", file=sys.stderr)
        return 1
    print(f"\nA quiet run is {records[0]['command']}")
    print()
    for words, value, limit in aims(records):
        print(
            f"  {'holds' if value <= limit else 'DOES NOT HOLD':<13}  {words}: {value:.2f} (limit {limit:g})"
        )
    print(f"\n{out / 'bench_fleet.json'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

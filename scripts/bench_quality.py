"""What data quality costs: the first build of a monitor that declares all of it, beside one that declares none.

    python scripts/bench_quality.py [--rows 360000] [--repeat 3] [--out build/bench_quality] [--against FOLDER]

The same rows and columns (16 numbers and 4 texts among 27) are built into an empty database by two monitors, in turn:

- bare: names, types and roles;
- declared: ranges, hard columns, patterns, null limits, exact distinct counts, rules, feature times and segments, and the parts
  counts, registry and offline.

With ``--against``, a checkout of another version builds its bare monitor, too: what came since is then in the ratio. Prints
medians of wall and CPU time of the nodes and their ratios, and writes ``bench_quality.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import bench
import yaml

LIMIT = 1.3
PARTS = ["reference", "counts", "registry", "offline"]
RAW = "read_parquet('{{ env_var('ML_RAW_PATH') }}/bench_inferences/*.parquet')"
# The entity and the times that the raw rows do not have are made from what they have.
STAGING = {
    "inferences": f"""
select
    *,
    c1 || cast(cast(f01 as int) % 50 as varchar) as customer_id,
    event_time - interval 5 minute as features_at
from {RAW}
""",
    "counts": f"""
select date_trunc('hour', event_time) as count_hour, count(distinct prediction_id) as row_count
from {RAW}
group by 1
""",
    "registry": f"select distinct c1 || cast(cast(f01 as int) % 50 as varchar) as customer_id from {RAW}\n",
    "offline": f"""
select distinct on (customer_id, event_time)
    c1 || cast(cast(f01 as int) % 50 as varchar) as customer_id, event_time, f01, f02, c1
from {RAW}
order by customer_id, event_time, ingest_time
""",
}
META = {
    "rules": [
        {"name": "served_after_event", "condition": "ingest_time >= event_time"},
        {"name": "latency_is_known", "condition": "latency_ms is not null", "hard": True},
    ],
    "segments": ["c1"],
    "quality_weights": {"freshness": 2},
}
COLUMNS = {
    **{name: {"min": -1e9, "max": 1e9, "max_null_rate": 0.9} for name in bench.NUMBERS},
    "f01": {"min": -1e9, "max": 1e9, "hard": True, "unit": "euro"},
    "f02": {"exact_distinct": True},
    **{name: {"pattern": "^.*$", "max_null_rate": 0.9} for name in bench.CATEGORIES},
}


def declare(project: Path) -> None:
    """Give the bare monitor of a project everything that a monitor can declare."""
    monitor = bench.MONITOR
    folder = project / "models" / "staging"
    properties = folder / f"_{monitor}.yml"
    described: dict[str, Any] = yaml.safe_load(properties.read_text())
    inferences = described["models"][0]
    inferences["config"]["meta"]["ml_monitor"] |= META
    for one in inferences["columns"]:
        if one["name"] in COLUMNS:
            one["config"]["meta"] |= COLUMNS[one["name"]]
    inferences["columns"] += [
        bench.column("customer_id", "string", "entity_id"),
        bench.column("features_at", "timestamp", "feature_time"),
    ]
    entity = bench.column("customer_id", "string", "entity_id")
    described["models"] += [
        {"name": f"stg_{monitor}__{part}", "config": {"contract": {"enforced": True}}, "columns": columns}
        for part, columns in {
            "counts": [
                bench.column("count_hour", "timestamp", "count_hour"),
                bench.column("row_count", "bigint", "row_count"),
            ],
            "registry": [entity],
            "offline": [
                entity,
                bench.column("event_time", "timestamp", "event_time"),
                bench.column("f01", "double", "feature"),
                bench.column("f02", "double", "feature"),
                bench.column("c1", "string", "feature"),
            ],
        }.items()
    ]
    properties.write_text(yaml.safe_dump(described, sort_keys=False))
    for table, sql in STAGING.items():
        (folder / f"stg_{monitor}__{table}.sql").write_text(sql.lstrip())
    config = yaml.safe_load((project / "dbt_project.yml").read_text())
    config["vars"]["ml_monitors"][monitor] = PARTS
    (project / "dbt_project.yml").write_text(yaml.safe_dump(config, sort_keys=False))
    command = [sys.executable, str(bench.SCRIPTS / "scaffold.py"), monitor, "--parts", *PARTS, "--force"]
    subprocess.run([*command, "--project-dir", str(project)], check=True, capture_output=True)


def make_elsewhere(checkout: Path, project: Path) -> None:
    """The bare monitor of another version, made by its own script."""
    code = f"import bench, pathlib; bench.make_project(pathlib.Path({str(project)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=checkout / "scripts", env=os.environ)


def build(project: Path, raw: Path) -> bench.Run:
    """Build the monitor into an empty database; its gates may fail, no node may break."""
    database, log = project / "bench.duckdb", project / "dbt_build.log"
    bench.remove_database(database)
    environment = bench.dbt_environment(project / "profiles", raw, database, bench.AS_OF)
    run = bench.measured([str(bench.DBT), "--no-use-colors", "build"], log, project, environment)
    bench.node_spans(project / "target", run, log)
    bench.remove_database(database)
    return run


def main() -> None:
    """Build each in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=360_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--out", type=Path, default=bench.ROOT / "build" / "bench_quality")
    parser.add_argument("--against", type=Path, help="a checkout of another version")
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    raw = out / f"data-{arguments.rows}"
    command = [sys.executable, str(bench.SCRIPTS / "bench_data.py"), "--rows", str(arguments.rows)]
    if bench.measured([*command, "--out", str(raw)], out / "data.log").exit_code:
        raise SystemExit(bench.tail(out / "data.log"))
    projects = {"bare": out / "bare", "declared": out / "declared"}
    for project in projects.values():
        bench.make_project(project)
    declare(projects["declared"])
    if arguments.against:
        projects = {"against": out / "against"} | projects
        make_elsewhere(arguments.against.resolve(), projects["against"])
    runs: dict[str, list[bench.Run]] = {name: [] for name in projects}
    # The first round fills caches of dbt and of the file system.
    for _ in range(arguments.repeat + 1):
        for name, project in projects.items():
            runs[name].append(build(project, raw))
    first = next(iter(projects))
    table = {
        name: {
            "nodes_wall_s": statistics.median(run.wall_s - run.startup_s for run in some[1:]),
            "cpu_s": statistics.median(run.cpu_s for run in some[1:]),
            "nodes": len(some[-1].nodes),
        }
        for name, some in runs.items()
    }
    print(f"{'monitor':<10} {'nodes':>6} {'wall of nodes s':>16} {'ratio':>6} {'CPU s':>7} {'ratio':>6}")
    for name, line in table.items():
        wall, cpu = line["nodes_wall_s"], line["cpu_s"]
        print(
            f"{name:<10} {line['nodes']:>6} {wall:>16.1f} {wall / table[first]['nodes_wall_s']:>6.2f}"
            f" {cpu:>7.1f} {cpu / table[first]['cpu_s']:>6.2f}"
        )
    ratio = table["declared"]["nodes_wall_s"] / table[first]["nodes_wall_s"]
    print(
        f"{'holds' if ratio <= LIMIT else 'DOES NOT HOLD'}  declared over {first}: {ratio:.2f} (limit {LIMIT})"
    )
    (out / "bench_quality.json").write_text(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()

"""What data quality costs: the first build of a monitor that declares all of it, beside one that declares none.

    python scripts/bench/bench_quality.py [--rows 360000] [--repeat 3] [--out build/bench_quality] [--against FOLDER]

The same rows and columns (16 numbers and 4 texts among 27) are built into an empty database by two monitors, in turn:

- bare: names, types, roles and a segment, which drift has use for, too;
- declared: ranges, hard columns, patterns, null limits, exact distinct counts, rules and feature times, a label of the training
  set, and the parts counts, registry and offline.

With ``--against``, a checkout of another version builds its bare monitor, too: what came since is then in the ratio. Prints
medians of the wall time of the whole ``dbt build``, of its nodes and of CPU time, with their ratios, and writes
``bench_quality.json``.
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
import duckdb
import yaml

LIMIT = 1.3
PARTS = ["reference", "counts", "registry", "offline"]
# What a monitor that declares everything has beside the raw rows: an entity, times of features, and the tables of three parts.
TABLES = {
    "inferences": """
        select
            *,
            c1 || cast(cast(f01 as int) % 50 as varchar) as customer_id,
            event_time - interval 5 minute as features_at
        from '{raw}'
    """,
    "counts": """
        select date_trunc('hour', event_time) as count_hour, count(distinct prediction_id) as row_count
        from '{made}'
        group by 1
    """,
    "registry": "select distinct customer_id from '{made}'",
    "offline": """
        select distinct on (customer_id, event_time) customer_id, event_time, f01, f02, c1
        from '{made}'
        order by customer_id, event_time, ingest_time
    """,
}
META = {
    "rules": [
        {"name": "served_after_event", "condition": "ingest_time >= event_time"},
        {"name": "latency_is_known", "condition": "latency_ms is not null", "hard": True},
    ],
    "quality_weights": {"freshness": 2},
}
COLUMNS = {
    **{name: {"min": -1e9, "max": 1e9, "max_null_rate": 0.9} for name in bench.NUMBERS},
    "f01": {"min": -1e9, "max": 1e9, "hard": True, "unit": "euro"},
    "f02": {"exact_distinct": True},
    **{name: {"pattern": "^.*$", "max_null_rate": 0.9} for name in bench.CATEGORIES},
}


def declare_segment(project: Path) -> None:
    """Give the bare monitor of a project a segment."""
    properties = project / "models" / "staging" / f"_{bench.MONITOR}.yml"
    described: dict[str, Any] = yaml.safe_load(properties.read_text())
    described["models"][0]["config"]["meta"]["ml_monitor"]["segments"] = ["c1"]
    properties.write_text(yaml.safe_dump(described, sort_keys=False))


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
    # A label that no feature tells.
    described["models"][1]["columns"].append(bench.column("label", "int", "label"))
    (folder / f"stg_{monitor}__reference.sql").write_text(
        "select *, cast(hash(score, f01) % 10 < 3 as int) as label from {{ source('raw', 'bench_reference') }}\n"
    )
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
    for table in TABLES:
        files = f"{{{{ env_var('ML_RAW_PATH') }}}}/everything/{table}/*.parquet"
        (folder / f"stg_{monitor}__{table}.sql").write_text(f"select * from read_parquet('{files}')\n")
    config = yaml.safe_load((project / "dbt_project.yml").read_text())
    config["vars"]["ml_monitors"][monitor] = PARTS
    (project / "dbt_project.yml").write_text(yaml.safe_dump(config, sort_keys=False))
    command = [sys.executable, str(bench.SCRIPTS / "scaffold.py"), monitor, "--parts", *PARTS, "--force"]
    subprocess.run([*command, "--project-dir", str(project)], check=True, capture_output=True)


def make_tables(raw: Path) -> None:
    """Write what the declared monitor reads: the raw rows in as many files, with more columns, and the tables of its parts."""
    made = raw / "everything"
    with duckdb.connect() as connection:
        for table, sql in TABLES.items():
            (made / table).mkdir(parents=True, exist_ok=True)
            sources = (
                sorted((raw / "bench_inferences").glob("*.parquet"))
                if table == "inferences"
                else [raw / "part.parquet"]
            )
            for source in sources:
                select = sql.format(raw=source, made=made / "inferences" / "*.parquet")
                connection.execute(f"copy ({select}) to '{made / table / source.name}' (format parquet)")


def make_elsewhere(checkout: Path, project: Path) -> None:
    """The bare monitor of another version, made by its own script."""
    code = f"import bench, pathlib; bench.make_project(pathlib.Path({str(project)!r}))"
    # An older checkout has bench.py in scripts/ itself.
    folders = os.pathsep.join([str(checkout / "scripts" / "bench"), str(checkout / "scripts")])
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"PYTHONPATH": folders})


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
    command = [sys.executable, str(bench.SCRIPTS / "bench" / "bench_data.py"), "--rows", str(arguments.rows)]
    if bench.measured([*command, "--out", str(raw)], out / "data.log").exit_code:
        raise SystemExit(bench.tail(out / "data.log"))
    make_tables(raw)
    projects = {"bare": out / "bare", "declared": out / "declared"}
    for project in projects.values():
        bench.make_project(project)
    if arguments.against:
        projects = {"against": out / "against"} | projects
        make_elsewhere(arguments.against.resolve(), projects["against"])
    for project in projects.values():
        declare_segment(project)
    declare(projects["declared"])
    runs: dict[str, list[bench.Run]] = {name: [] for name in projects}
    # The first round fills caches of dbt and of the file system.
    for _ in range(arguments.repeat + 1):
        for name, project in projects.items():
            runs[name].append(build(project, raw))
    first = next(iter(projects))
    table = {
        name: {
            "wall_s": statistics.median(run.wall_s for run in some[1:]),
            "nodes_wall_s": statistics.median(run.wall_s - run.startup_s for run in some[1:]),
            "cpu_s": statistics.median(run.cpu_s for run in some[1:]),
            "nodes": len(some[-1].nodes),
        }
        for name, some in runs.items()
    }
    measures = {"wall_s": "wall s", "nodes_wall_s": "of nodes s", "cpu_s": "CPU s"}
    print(
        f"{'monitor':<10} {'nodes':>6}" + "".join(f"{title:>12} {'ratio':>6}" for title in measures.values())
    )
    for name, line in table.items():
        figures = "".join(f"{line[key]:>12.1f} {line[key] / table[first][key]:>6.2f}" for key in measures)
        print(f"{name:<10} {line['nodes']:>6}{figures}")
    ratio = table["declared"]["wall_s"] / table[first]["wall_s"]
    print(
        f"{'holds' if ratio <= LIMIT else 'DOES NOT HOLD'}  declared over {first}: {ratio:.2f} (limit {LIMIT})"
    )
    (out / "bench_quality.json").write_text(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()

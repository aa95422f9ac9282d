"""Hand-written floor for the benchmark: the least DuckDB work that gives cells and PSI.

    python scripts/bench/bench_floor.py --data /tmp/bench/1m --database /tmp/bench/floor.duckdb

Reads what ``bench_data.py`` wrote and prints one JSON line with the rows kept, the seconds of each step
and their total. An existing database file is replaced. Every form below is the fastest of those that
were measured on DuckDB 2.0 with two threads:

- load: repeated keys are found first (one column is read), only their rows are ranked, and the losers
  are left out of the copy by their position in the Parquet files. Ranking every row costs 15 % more time
  and 60 % more memory.
- edges: one ordered-set aggregate per column with a list of fractions.
- cells: one grouped select per column, edges as literals in a three-way binary-search CASE.
- psi: counts per day and slot against the first ten days, with 0.5 added per bin.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import duckdb

NUMERIC = [f"f{n:02d}" for n in range(1, 17)] + ["score"]
CATEGORICAL = [f"c{n}" for n in range(1, 5)]
EDGE_COUNT = dict.fromkeys(NUMERIC, 11) | {"score": 20}
RESOLUTION = dict.fromkeys(NUMERIC, 1024) | {"score": 2048}
BASELINE_END = "2025-01-11"

LOAD = """
create table inferences as
with repeated as materialized (
    select prediction_id
    from read_parquet('{log}')
    group by prediction_id
    having count(*) > 1
),
losers as materialized (
    select file_index, file_row_number
    from read_parquet('{log}', file_row_number = true) as t
    where exists (select 1 from repeated where repeated.prediction_id = t.prediction_id)
    qualify row_number() over (partition by prediction_id order by ingest_time) > 1
)
select * exclude (file_row_number), date_trunc('hour', event_time) as event_hour
from read_parquet('{log}', file_row_number = true) as t
where not exists (
    select 1
    from losers
    where losers.file_index = t.file_index and losers.file_row_number = t.file_row_number
)
"""

EDGES = """
select '{column}', percentile_disc({fractions}) within group (order by {column})
from read_parquet('{reference}')
"""

CELLS = """
select
    '{column}' as column_name, event_hour, slot, cell,
    count(*) as row_count, sum(z) as sum_z, sum(z * z) as sum_z2
from (
    select
        event_hour, slot, z,
        (sign(z) * floor(
            {resolution}e0 * (sqrt(sqrt(sqrt(sqrt(sqrt(1e0 + abs(z)))))) - 1e0) + 0.5e0
        ))::smallint as cell
    from (
        select
            event_hour,
            case when {column} is null then -1 else {slot} end as slot,
            case when {z} > 1e15 then 1e15 when {z} < -1e15 then -1e15 else {z} end as z
        from inferences
    )
)
group by event_hour, slot, cell
"""

CATEGORIES = """
select '{column}' as column_name, event_hour, {column} as value, count(*) as row_count
from inferences
group by event_hour, {column}
"""

PSI = """
create table psi as
with counts as (
    select column_name, event_hour::date as day, slot::varchar as bin, sum(row_count) as row_count
    from cells
    group by all
    union all
    select column_name, event_hour::date as day, value as bin, sum(row_count) as row_count
    from categories
    group by all
),
baseline as (
    select column_name, bin, sum(row_count) filter (where day < date '{baseline_end}') as row_count
    from counts
    group by column_name, bin
),
days as (
    select distinct day
    from counts
    where day >= date '{baseline_end}'
),
smoothed as (
    select
        baseline.column_name, days.day,
        coalesce(baseline.row_count, 0) + 0.5e0 as q,
        coalesce(counts.row_count, 0) + 0.5e0 as p
    from baseline
    cross join days
    left join counts
        on counts.column_name = baseline.column_name
        and counts.day = days.day
        and counts.bin is not distinct from baseline.bin
),
shares as (
    select
        column_name, day,
        q / sum(q) over (partition by column_name, day) as q,
        p / sum(p) over (partition by column_name, day) as p
    from smoothed
)
select column_name, day, sum((p - q) * ln(p / q)) as psi
from shares
group by column_name, day
"""


def literal(value: float) -> str:
    """Return the value as a SQL literal of type double, digit for digit."""
    return f"{value!r}::double"


def slot(column: str, edges: list[float], low: int, high: int) -> str:
    """Return the binary-search CASE for the three-way position among ``edges[low:high]``."""
    if low == high:
        return str(2 * low)
    middle = (low + high) // 2
    edge = literal(edges[middle])
    return (
        f"case when {column} < {edge} then {slot(column, edges, low, middle)}"
        f" when {column} > {edge} then {slot(column, edges, middle + 1, high)}"
        f" else {2 * middle + 1} end"
    )


def load(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Copy the Parquet log into a table, one row per prediction: the one which came first."""
    connection.execute(LOAD.format(log=data / "bench_inferences" / "*.parquet"))


def freeze_edges(connection: duckdb.DuckDBPyConnection, data: Path) -> dict[str, list[float]]:
    """Return per column its edges in ascending order (repeats included), then the three quartiles."""
    selects = []
    for column in NUMERIC:
        intervals = EDGE_COUNT[column] - 1
        fractions = [step / intervals for step in range(intervals + 1)] + [0.25, 0.5, 0.75]
        selects.append(
            EDGES.format(column=column, fractions=fractions, reference=data / "bench_reference.parquet")
        )
    return dict(connection.execute(" union all ".join(selects)).fetchall())


def count_cells(connection: duckdb.DuckDBPyConnection, quantiles: dict[str, list[float]]) -> None:
    """Count every numeric column by hour, slot and cell and every categorical one by hour and value."""
    selects = []
    for column, values in quantiles.items():
        edges = sorted(set(values[:-3]))
        lower, center, upper = values[-3:]
        selects.append(
            CELLS.format(
                column=column,
                resolution=RESOLUTION[column],
                slot=slot(column, edges, 0, len(edges)),
                z=f"({column} - {literal(center)}) / {literal(upper - lower)}",
            )
        )
    connection.execute("create table cells as " + " union all ".join(selects))
    selects = [CATEGORIES.format(column=column) for column in CATEGORICAL]
    connection.execute("create table categories as " + " union all ".join(selects))


def main() -> None:
    """Run the four steps and print the timings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="directory written by bench_data.py")
    parser.add_argument(
        "--database", type=Path, required=True, help="DuckDB file to write; replaced if it exists"
    )
    arguments = parser.parse_args()

    arguments.database.unlink(missing_ok=True)
    arguments.database.with_name(arguments.database.name + ".wal").unlink(missing_ok=True)
    config = {"threads": 2, "memory_limit": "5GB", "preserve_insertion_order": False}
    connection = duckdb.connect(str(arguments.database), config=config)

    marks = [time.perf_counter()]
    load(connection, arguments.data)
    marks.append(time.perf_counter())
    quantiles = freeze_edges(connection, arguments.data)
    marks.append(time.perf_counter())
    count_cells(connection, quantiles)
    marks.append(time.perf_counter())
    connection.execute(PSI.format(baseline_end=BASELINE_END))
    marks.append(time.perf_counter())
    connection.execute("checkpoint")
    marks.append(time.perf_counter())

    report = {"rows": connection.execute("select count(*) from inferences").fetchone()[0]}
    for name, start, end in zip(
        ("load", "edges", "cells", "psi", "checkpoint"), marks, marks[1:], strict=False
    ):
        report[name] = round(end - start, 3)
    report["total"] = round(marks[-1] - marks[0], 3)
    connection.close()
    print(json.dumps(report))


if __name__ == "__main__":
    main()

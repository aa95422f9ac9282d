"""PostgreSQL gives the same tables as DuckDB: thirty days of the flights, built in two runs on both engines.

The days hold what an engine may read in its own way: a NaN score, the year 2262, NULL ids and times, a new
model version, a unit change, a day as JSON Lines, and rows that only differ in what breaks a tie. Keys, counts,
texts and verdicts must be equal; sums agree to 1e-9 of the sum of magnitudes, metrics to 1e-9 of their scale,
and numbers in messages to the last printed digit.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Project, Result, prepare_demo
from postgres_server import PostgresServer
from prepare_demo import move_to_jsonl

FIRST_DAY, LAST_DAY = "2013-07-10", "2013-08-08"
RUNS = ["2013-08-05 12:00:00", "2013-08-08 12:00:00"]
DATABASE = "flights"
TOLERANCE = 1e-9
# What a run remembers of itself, and hashes that each engine makes in its own way.
INTERNAL = {
    "ml_batch",
    "labels_batch",
    "baseline_state",
    "right_fingerprint",
    "ml_key_hash",
    "invocation_id",
    "recorded_at",
}
# Texts that contain rounded numbers.
PROSE = {"message", "detail"}
TYPES = {
    "bigint": "BIGINT",
    "boolean": "BOOLEAN",
    "double precision": "DOUBLE",
    "integer": "INTEGER",
    "text": "VARCHAR",
    "timestamp without time zone": "TIMESTAMP",
}
# What a sum may be off by is 1e-9 of this: at least the sum of magnitudes, by Cauchy and Schwarz.
SUMS = {
    "z_sum": "sqrt(row_count * z_squared_sum)",
    "z_squared_sum": "z_squared_sum",
    "error_sum": "sqrt(labelled_count * squared_error_sum)",
    "absolute_error_sum": "sqrt(labelled_count * squared_error_sum)",
    "squared_error_sum": "squared_error_sum",
}
# A metric's scale is its largest value among the rows that are alike in these.
SCALE_KEYS = ["metric", "subject", "column_name", "join_name"]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass
class Engines:
    """The same runs on both engines."""

    duckdb_file: Path
    postgres_project: Project
    server: PostgresServer
    on_duckdb: list[Result]
    on_postgres: list[Result]


def thirty_days(folder: Path) -> Path:
    """Raw logs with one day as JSON Lines, and 90 repeated rows in another: 60 differ in the request only."""
    raw = prepare_demo(folder, "--first-day", FIRST_DAY, "--last-day", LAST_DAY)
    logs, lines = raw / "flight_delay_inferences", raw / "flight_delay_inferences_jsonl"
    shutil.rmtree(lines)
    move_to_jsonl(logs / "2013-07-20.parquet", lines / "2013-07-20.jsonl")
    day = logs / "2013-07-22.parquet"
    rows = pq.read_table(day)
    index = rows.schema.get_field_index("request_id")
    other = pa.array([request[::-1] for request in rows["request_id"].to_pylist()])
    again = rows.set_column(index, "request_id", other)
    pq.write_table(pa.concat_tables([rows, again.slice(0, 60), rows.slice(30, 30)]), day)
    return raw


@pytest.fixture(scope="module")
def engines(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """Both engines after the runs. Read only."""
    folder = tmp_path_factory.mktemp("postgres")
    raw = thirty_days(folder / "raw")
    # Two copies of the project: dbt parses again when the target changes.
    on_duckdb, on_postgres = Project(folder / "duckdb", raw=raw), Project(folder / "postgres", raw=raw)
    environment = postgres.new_database(DATABASE, raw)
    return Engines(
        on_duckdb.database,
        on_postgres,
        postgres,
        [on_duckdb.dbt("build", env={"ML_AS_OF": as_of}) for as_of in RUNS],
        [on_postgres.dbt("build", env=environment | {"ML_AS_OF": as_of}) for as_of in RUNS],
    )


def test_the_runs_end_alike(engines: Engines) -> None:
    for one, other in zip(engines.on_duckdb, engines.on_postgres, strict=True):
        assert other.errors == {}
        assert one.errors == {}
        assert other.statuses == one.statuses
        assert other.exit_code == one.exit_code
    # The corrupt rows of the last days: without a failing gate much would go untested.
    assert engines.on_postgres[-1].failing_tests == {"flight_delay__gate_contract"}
    assert engines.on_postgres[-1].skipped_models == {"flight_delay_training_set"}


def test_no_model_takes_long_on_postgres(engines: Engines) -> None:
    # A join by nested loops takes hours; all models together take about 20 s.
    seconds = {
        one["unique_id"]: one["execution_time"] for run in engines.on_postgres for one in run.run_results
    }
    assert {name: time for name, time in seconds.items() if time > 30} == {}


class Comparison:
    """Both builds in one in-memory DuckDB: schema ``pg``, copied, and database ``duck``, attached."""

    def __init__(self, engines: Engines, folder: Path) -> None:
        self.memory = duckdb.connect()
        self.memory.execute("set TimeZone = 'UTC'")
        self.memory.execute(f"attach '{engines.duckdb_file}' as duck (read_only)")
        self.memory.execute("create schema pg")
        self.columns: dict[str, list[tuple[str, str]]] = {}
        connection = engines.server.connect(DATABASE)
        with connection, connection.cursor() as cursor:
            cursor.execute(
                """select table_name, column_name, data_type from information_schema.columns
                where table_schema = 'public' order by table_name, ordinal_position"""
            )
            for table, column, data_type in cursor.fetchall():
                self.columns.setdefault(table, []).append((column, TYPES.get(data_type, data_type)))
            for table, columns in self.columns.items():
                with (folder / "table.csv").open("w", encoding="utf-8") as file:
                    cursor.copy_expert(f'copy (select * from "{table}") to stdout with (format csv)', file)
                described = ", ".join(f'"{name}" {kind}' for name, kind in columns)
                self.memory.execute(f'create table pg."{table}" ({described})')
                self.memory.execute(
                    f"""copy pg."{table}" from '{folder}/table.csv' (
                        format csv, auto_detect false, allow_quoted_nulls false,
                        header false, delimiter ',', quote '"', escape '"'
                    )"""
                )
        connection.close()

    def duckdb_columns(self) -> dict[str, list[tuple[str, str]]]:
        """Names and types of the columns of each table on DuckDB."""
        found: dict[str, list[tuple[str, str]]] = {}
        for table, column, data_type in self.memory.execute(
            """select table_name, column_name, data_type from duckdb_columns()
            where database_name = 'duck' and schema_name = 'main' order by table_name, column_index"""
        ).fetchall():
            found.setdefault(table, []).append((column, data_type))
        return found

    def pair(self, table: str) -> tuple[list[str], list[str]]:
        """Put rows that are equal in everything exact beside each other, as table ``pairs``.

        Returns the names of the float columns and of the texts that hold rounded numbers.
        """
        kinds = {name: kind for name, kind in self.columns[table] if name not in INTERNAL}
        floats = [name for name, kind in kinds.items() if kind == "DOUBLE"]
        prose = [name for name in kinds if name in PROSE]
        exact = [name for name in kinds if name not in {*floats, *prose}]
        values = ", ".join(f'"{name}"' for name in exact)
        for side, source in (("one", "duck.main"), ("other", "pg")):
            # Rows that are equal in what is exact are told apart by their floats.
            order = ", ".join(f'"{name}"' for name in floats) or "1"
            self.memory.execute(
                f"""create or replace temp table {side} as
                select *, row({values}) as exact, row_number() over (partition by key order by {order}) as copy
                from (select *, hash({values}) as key from {source}."{table}")"""
            )
        self.memory.execute(
            """create or replace temp table pairs as
            select
                one, other, one.copy is not null as is_in_one, other.copy is not null as is_in_other,
                case when one.copy is null then other.exact else one.exact end as exact
            from one full join other on one.key = other.key and one.copy = other.copy"""
        )
        return floats, prose

    def differences(self, table: str) -> list[str]:
        """What differs between the two builds of a table, in words."""
        floats, prose = self.pair(table)
        found = []
        for side, engine in (("is_in_one", "PostgreSQL"), ("is_in_other", "DuckDB")):
            missing = self.memory.execute(f"select exact from pairs where not {side} limit 3").fetchall()
            count = self.memory.execute(f"select count(*) from pairs where not {side}").fetchone()
            found += [f"{table}: {count[0]} rows are only on {engine}, such as {row}" for (row,) in missing]
        names = [name for name, _ in self.columns[table]]
        keys = ", ".join(f'one."{key}"' for key in SCALE_KEYS if key in names) or "1"
        for name in floats:
            if name in SUMS:
                scale = re.sub(
                    r"[a-z_]+(?=[ )]|$)",
                    lambda match: f"one.{match[0]}" if match[0] in names else match[0],
                    SUMS[name],
                )
            else:
                value = f'one."{name}"'
                scale = f"max(case when isfinite({value}) then abs({value}) end) over (partition by {keys})"
            wrong = self.memory.execute(
                f"""select exact, a, b, count(*) over () from (
                    select exact, one."{name}" as a, other."{name}" as b, {scale} as scale from pairs
                    where is_in_one and is_in_other
                )
                where a is distinct from b and coalesce(not abs(a - b) <= {TOLERANCE} * scale, true)
                limit 1"""
            ).fetchone()
            if wrong:
                found.append(
                    f"{table}.{name}: {wrong[3]} rows, such as {wrong[1]} and {wrong[2]} in {wrong[0]}"
                )
        for name in prose:
            texts = self.memory.execute(
                f"""select a, b from (
                    select one."{name}" as a, other."{name}" as b from pairs where is_in_one and is_in_other
                )
                where a is distinct from b"""
            ).fetchall()
            found += [f"{table}.{name}: {a!r} and {b!r}" for a, b in texts if not is_same_prose(a, b)]
        return found


def is_same_prose(one: str | None, other: str | None) -> bool:
    """Whether two texts differ in the last printed digit of their numbers at most."""
    if one is None or other is None or NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return one == other
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(abs(float(a) - float(b)) <= 1.01 * 10.0 ** -len(a.partition(".")[2]) for a, b in pairs)


def test_every_table_is_the_same(engines: Engines, tmp_path: Path) -> None:
    comparison = Comparison(engines, tmp_path)
    on_duckdb = comparison.duckdb_columns()
    assert comparison.columns.keys() == on_duckdb.keys()
    assert len(on_duckdb) > 70
    found = []
    for table, columns in comparison.columns.items():
        if columns != on_duckdb[table]:
            found.append(f"{table}: columns {columns} and on DuckDB {on_duckdb[table]}")
        else:
            found += comparison.differences(table)
    assert found == []


def test_an_empty_build_works_on_postgres(engines: Engines) -> None:
    environment = engines.server.environment(DATABASE)
    result = engines.postgres_project.dbt(
        "build", "--empty", env=environment | {"ML_SCHEMA": "empty_run", "ML_AS_OF": RUNS[-1]}
    )
    assert result.errors == {}
    assert result.exit_code == 0

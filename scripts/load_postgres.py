"""Load the raw logs of the demo into PostgreSQL, as tables that have the names of the sources.

    python scripts/load_postgres.py [--raw DIR] [--schema SCHEMA]

Below the folder, ``<name>.parquet`` and ``<name>/*.parquet`` become the table ``<name>``, and ``<name>_jsonl/*.jsonl`` becomes
``<name>_jsonl`` with the columns of ``<name>``, timestamps as text since JSON has none; without a line it is an empty table.
Tables that exist are replaced, all in one transaction. The connection is the profile's: ML_PG_HOST, ML_PG_PORT, ML_PG_USER,
ML_PG_PASSWORD, ML_PG_DATABASE.
"""

from __future__ import annotations

import argparse
import io
import json
import os
from pathlib import Path

import psycopg2
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from psycopg2.extensions import connection as Connection
from psycopg2.sql import SQL, Identifier

TYPES = {
    pa.string(): "text",
    # As the newest pandas writes it.
    pa.large_string(): "text",
    pa.bool_(): "boolean",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float32(): "real",
    pa.float64(): "double precision",
    pa.timestamp("us"): "timestamp",
}


def jsonl_table(folder: Path, like: pa.Schema) -> pa.Table:
    """The lines of all files of a folder, with the columns of another table and its timestamps as text."""
    schema = pa.schema(
        [(field.name, pa.string() if pa.types.is_timestamp(field.type) else field.type) for field in like]
    )
    rows = []
    for file in sorted(folder.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            rows += [json.loads(line) for line in lines]
    return pa.Table.from_pylist(rows, schema=schema)


def raw_tables(raw: Path) -> dict[str, pa.Table]:
    """Every table of the raw logs by name."""
    sources = [
        path for path in sorted(raw.iterdir()) if path.suffix == ".parquet" or list(path.glob("*.parquet"))
    ]
    tables = {path.stem: pq.read_table(path) for path in sources}
    for folder in sorted(raw.glob("*_jsonl")):
        tables[folder.name] = jsonl_table(folder, tables[folder.name.removesuffix("_jsonl")].schema)
    return tables


def copy_table(connection: Connection, schema: str, name: str, table: pa.Table) -> None:
    """Replace one table; CSV keeps NULL (nothing) and the empty text (quotes) apart, and floats exact."""
    target = SQL("{}.{}").format(Identifier(schema), Identifier(name))
    columns = SQL(", ").join(
        SQL("{} {}").format(Identifier(field.name), SQL(TYPES[field.type])) for field in table.schema
    )
    text = io.BytesIO()
    pyarrow.csv.write_csv(table, text, pyarrow.csv.WriteOptions(include_header=False))
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(SQL("drop table if exists {} cascade").format(target))
        cursor.execute(SQL("create table {} ({})").format(target, columns))
        cursor.copy_expert(SQL("copy {} from stdin with (format csv)").format(target).as_string(cursor), text)


def load(raw: Path, schema: str) -> dict[str, int]:
    """Load the folder; returns the number of rows of each table."""
    tables = raw_tables(raw)
    connection = psycopg2.connect(
        host=os.environ.get("ML_PG_HOST", "127.0.0.1"),
        port=os.environ.get("ML_PG_PORT", "5432"),
        user=os.environ.get("ML_PG_USER", "postgres"),
        password=os.environ.get("ML_PG_PASSWORD", ""),
        dbname=os.environ.get("ML_PG_DATABASE", "ml_monitor"),
    )
    try:
        with connection:
            with connection.cursor() as cursor:
                cursor.execute(SQL("create schema if not exists {}").format(Identifier(schema)))
            for name, table in tables.items():
                copy_table(connection, schema, name, table)
        with connection, connection.cursor() as cursor:
            # The planner's first guess of an unknown table is far off.
            for name in tables:
                cursor.execute(SQL("analyze {}.{}").format(Identifier(schema), Identifier(name)))
    finally:
        connection.close()
    return {name: table.num_rows for name, table in tables.items()}


def main() -> None:
    """Load the raw logs and say how many rows there are."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--raw",
        type=Path,
        default=Path(os.environ.get("ML_RAW_PATH", "data/raw")),
        help="folder of the raw logs",
    )
    parser.add_argument(
        "--schema", default=os.environ.get("ML_RAW_SCHEMA", "raw"), help="schema of the tables"
    )
    arguments = parser.parse_args()
    for name, count in load(arguments.raw, arguments.schema).items():
        print(f"{arguments.schema}.{name}: {count:,} rows")


if __name__ == "__main__":
    main()

"""Compare tables of two builds: keys, counts and statuses exactly, floats to 1e-9 of their column's scale."""

from __future__ import annotations

from pathlib import Path

import duckdb
from conftest import Project

# What a run remembers of itself and of the runs before it; no two runs agree on it.
INTERNAL = ["ml_batch", "labels_batch", "baseline_state", "input_state", "code_hash"]
TOLERANCE = 1e-9
# Append-only: they say what each run believed and did.
NOT_COMPARED = ("__history",)
SIDES = ("one", "two")


def public_columns(project: Project, table: str) -> dict[str, str]:
    """The columns of a table that do not depend on when it was built, with their types."""
    columns = project.query(f'select column_name, column_type from (describe "{table}")')
    return {name: kind for name, kind in columns if name not in INTERNAL}


def execute_in(connection: duckdb.DuckDBPyConnection, database: Path, sql: str) -> list[tuple]:
    """Rows of a statement that finds the tables and views of a DuckDB file by their names."""
    # Views name the catalog that they were made in, which is called as the file.
    connection.execute(f"""attach '{database}' as "{database.stem}" (read_only)""")
    try:
        connection.execute(f'use "{database.stem}"')
        return connection.execute(sql).fetchall()
    finally:
        connection.execute("use memory")
        connection.execute(f'detach "{database.stem}"')


def is_near(name: str) -> str:
    """SQL: a float of both sides is the same, up to the tolerance times the scale of its column."""
    a, b = f'one."{name}"', f'two."{name}"'
    sizes = [f"max(case when isfinite({side}) then abs({side}) end) over ()" for side in (a, b)]
    near = f"isfinite({a}) and isfinite({b}) and abs({a} - {b}) <= {TOLERANCE} * greatest({', '.join(sizes)})"
    return f"({a} is not distinct from {b} or coalesce({near}, false))"


def query_differences(
    table: str, columns: dict[str, str], left: tuple[Path, str], right: tuple[Path, str]
) -> list[str]:
    """What differs between two queries, each on a DuckDB file, in words; empty if nothing does.

    Arguments: table (what they are called in words), columns (the columns of both, with their types), left and right
    (file and query).
    """
    selected = ", ".join(f'"{name}"' for name in columns)
    floats = [name for name, kind in columns.items() if kind == "DOUBLE"]
    exact = [name for name in columns if name not in floats]
    tests = {name: f'one."{name}" is not distinct from two."{name}"' for name in exact}
    tests |= {name: is_near(name) for name in floats}
    marks = ", ".join(f'not {test} as "{name}"' for name, test in tests.items())
    counts = ", ".join(f'count(*) filter ("{name}")' for name in tests)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        # Equal for equal content: the number of rows and a sum of their hashes.
        sums = f"select count(*), sum(cast(hash({selected}) as hugeint)) from"
        if len({execute_in(connection, path, f"{sums} ({query})")[0] for path, query in (left, right)}) == 1:
            return []
        # Rows are paired by their key, which comes first, or else by what must be equal, then by what is nearly so: rounding
        # keeps neighbours in place.
        keys = f'select count(*) = count(distinct "{exact[0]}") from'
        if all(execute_in(connection, path, f"{keys} ({query})")[0][0] for path, query in (left, right)):
            order = f'"{exact[0]}"'
        else:
            order = ", ".join([f'"{name}"' for name in exact] + [f'round("{name}", 6)' for name in floats])
        for side, (path, query) in zip(SIDES, (left, right), strict=True):
            numbered = f"select {selected}, row_number() over (order by {order}) as row_number from ({query})"
            execute_in(connection, path, f"create table memory.{side} as {numbered}")
        rows = [connection.execute(f"select count(*) from {side}").fetchone()[0] for side in SIDES]
        if rows[0] != rows[1]:
            # A row that the side with more of them has alone, as its first columns say it.
            more, fewer = SIDES if rows[0] > rows[1] else SIDES[::-1]
            names = ", ".join(f'"{name}"' for name in exact)
            alone = connection.execute(
                f"select {names} from {more} except all select {names} from {fewer} order by all limit 1"
            ).fetchone()
            such = ", ".join(str(value) for value in alone[:8])
            return [f"{table}: {rows[0]} rows and {rows[1]}, one more is {such}"]
        connection.execute(
            f"create table marks as select row_number, {marks} from one join two using (row_number)"
        )
        wrong = connection.execute(f"select {counts} from marks").fetchone()
        found = []
        for name, count in zip(tests, wrong, strict=True):
            if count:
                a, b = connection.execute(
                    f"""select one."{name}", two."{name}" from one join two using (row_number)
                    join marks using (row_number) where marks."{name}" order by row_number limit 1"""
                ).fetchone()
                found.append(f"{table}.{name}: {count} of {rows[0]} rows, such as {a} and {b}")
        return found


def differences(left: Project, right: Project, table: str) -> list[str]:
    """What differs between two builds of a table, in words; empty if nothing does."""
    columns = public_columns(left, table)
    if columns != public_columns(right, table):
        return [f"{table}: columns {columns} and {public_columns(right, table)}"]
    query = f'from "{table}"'
    return query_differences(table, columns, (left.database, query), (right.database, query))


def differing_tables(left: Project, right: Project, tables: list[str]) -> list[str]:
    """The tables whose rows are not the same to the last bit, or whose columns differ; only these few are looked into."""
    differing = []
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for side, project in zip(SIDES, (left, right), strict=True):
            connection.execute(f"attach '{project.database}' as {side} (read_only)")
        columns: dict[str, dict[str, dict[str, str]]] = {side: {} for side in SIDES}
        sql = "select database_name, table_name, column_name, data_type from duckdb_columns() order by column_index"
        for side, table, column, kind in connection.execute(sql).fetchall():
            columns.setdefault(side, {}).setdefault(table, {})[column] = kind
        for table in tables:
            public = ", ".join(f'"{name}"' for name in columns["one"][table] if name not in INTERNAL)
            sums = [
                f'select count(*), sum(cast(hash({public}) as hugeint)) from {side}."{table}"'
                for side in SIDES
            ]
            same = columns["one"][table] == columns["two"][table]
            if not same or len({connection.execute(sql).fetchone() for sql in sums}) > 1:
                differing.append(table)
    return differing


def all_differences(left: Project, right: Project, exclude: tuple[str, ...] = NOT_COMPARED) -> list[str]:
    """What differs between two databases, but for tables whose name ends so; views follow from tables."""
    one, two = left.relations(), right.relations()
    found = [f"only in one: {sorted(set(one) ^ set(two))}"] if set(one) != set(two) else []
    tables = [
        table
        for table in sorted(set(one) & set(two))
        if one[table] == "BASE TABLE" and not table.endswith(exclude)
    ]
    for table in differing_tables(left, right, tables):
        found += differences(left, right, table)
    return found

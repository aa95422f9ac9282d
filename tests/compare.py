"""Compare tables of two builds: keys, counts and statuses exactly, floats to 1e-9 of their column's scale."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
from conftest import Project

# What a run remembers of itself and of the runs before it; no two runs agree on it.
INTERNAL = ["ml_batch", "labels_batch", "baseline_state"]
TOLERANCE = 1e-9


def public_columns(project: Project, table: str) -> list[str]:
    """The columns of a table that do not depend on when it was built."""
    columns = [name for (name,) in project.query(f'select column_name from (describe "{table}")')]
    return [name for name in columns if name not in INTERNAL]


def scales(left: pd.DataFrame, right: pd.DataFrame) -> dict[str, float]:
    """The largest magnitude of each float column, so that differences are judged by it."""
    floats = [name for name in left.columns if left[name].dtype.kind == "f"]
    both = pd.concat([left[floats], right[floats]]).replace([np.inf, -np.inf], np.nan)
    return {name: float(value) for name, value in both.abs().max().fillna(0).items()}


def are_identical(left: Project, right: Project, table: str, names: str) -> bool:
    """Whether two builds of a table hold the same rows to the last bit."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{left.database}' as one (read_only)")
        connection.execute(f"attach '{right.database}' as two (read_only)")
        sides = [f'select {names} from {side}.main."{table}"' for side in ("one", "two")]
        (count,) = connection.execute(
            f"""select (select count(*) from ({sides[0]} except all {sides[1]}))
            + (select count(*) from ({sides[1]} except all {sides[0]}))"""
        ).fetchone()
    return count == 0


def differences(left: Project, right: Project, table: str) -> list[str]:
    """What differs between two builds of a table, in words; empty if nothing does."""
    columns = public_columns(left, table)
    if columns != public_columns(right, table):
        return [f"{table}: columns {columns} and {public_columns(right, table)}"]
    names = ", ".join(f'"{name}"' for name in columns)
    if left.relations()[table] == "BASE TABLE" and are_identical(left, right, table, names):
        return []
    types = dict(left.query(f'select column_name, column_type from (describe "{table}")'))
    floats = [name for name in columns if types[name] == "DOUBLE"]
    exact = [name for name in columns if name not in floats]
    # Sorted by what must be equal, then by what is nearly so: rounding keeps neighbours in place.
    order = [f'"{name}"' for name in exact] + [f'round("{name}", 6)' for name in floats]
    sql = f'select {names} from "{table}" order by {", ".join(order)}'
    one, two = left.frame(sql), right.frame(sql)
    if len(one) != len(two):
        return [f"{table}: {len(one)} rows and {len(two)}"]
    found = []
    for name in exact:
        same = (one[name] == two[name]) | (one[name].isna() & two[name].isna())
        if not same.all():
            where = int(np.flatnonzero(~same.to_numpy())[0])
            values = f"{one[name].iloc[where]!r} and {two[name].iloc[where]!r}"
            found.append(f"{table}.{name}: {int((~same).sum())} of {len(one)} rows, such as {values}")
    scale = scales(one, two)
    for name in floats:
        a, b = one[name].to_numpy(dtype="float64"), two[name].to_numpy(dtype="float64")
        same = (np.isnan(a) & np.isnan(b)) | (a == b)
        numbers = np.isfinite(a) & np.isfinite(b)
        same[numbers] |= np.abs(a[numbers] - b[numbers]) <= TOLERANCE * scale[name]
        if not same.all():
            where = int(np.flatnonzero(~same)[0])
            found.append(
                f"{table}.{name}: {int((~same).sum())} of {len(one)} rows, such as {a[where]} and {b[where]}"
            )
    return found


def all_differences(left: Project, right: Project, exclude: str = "_check_history") -> list[str]:
    """What differs between two databases, but for tables whose name ends in ``exclude``."""
    one, two = (
        {name for name in project.relations() if not name.endswith(exclude)} for project in (left, right)
    )
    found = [f"only in one: {sorted(one ^ two)}"] if one != two else []
    for table in sorted(one & two):
        found += differences(left, right, table)
    return found

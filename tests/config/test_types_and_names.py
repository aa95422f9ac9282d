"""Columns of any type and name: equal values are equal in every type, 32-bit floats keep their limits, no name meets one of ours.

One monitor, named as YAML reads `false`, has them all. Its columns are named as everything that occurs in compiled SQL; a fifth
of them, another one on each engine, are features.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, Result
from postgres_server import PostgresServer

ROWS = 400
AS_OF = "2025-01-03 00:00:00"
# Models whose CTEs hold columns of the user.
MODELS = ["inferences_log", "grid", "reference_profile", "hourly_profile"]
OWN = {"prediction_id", "event_time", "ingest_time", "score", "prediction", "plan", "flag", "code", "rate"}
SERVED = """\
      - {name: prediction_id, data_type: string, config: {meta: {role: prediction_id}}}
      - {name: event_time, data_type: timestamp, config: {meta: {role: event_time}}}
      - {name: ingest_time, data_type: timestamp, config: {meta: {role: ingest_time}}}
      - {name: plan, data_type: int, config: {meta: {role: feature, kind: categorical}}}
      - {name: flag, data_type: boolean, config: {meta: {role: feature, accepted_values: [true, false]}}}
      - {name: code, data_type: double precision, config: {meta: {role: feature, kind: categorical, accepted_values: [0, 1]}}}
      - {name: rate, data_type: real, config: {meta: {role: feature, min: 0, max: 0.3, default_value: 0.3}}}
      - {name: score, data_type: real, config: {meta: {role: score, min: 0, max: 0.6}}}
      - {name: prediction, data_type: int, config: {meta: {role: prediction}}}
"""
LABELS = """\
      - {name: prediction_id, data_type: string, config: {meta: {role: prediction_id}}}
      - {name: label, data_type: boolean, config: {meta: {role: label}}}
      - {name: label_time, data_type: timestamp, config: {meta: {role: label_time}}}
"""
# The same values in other types.
TRAINING = """\
      - {name: plan, data_type: double precision}
      - {name: flag, data_type: int}
      - {name: code, data_type: string}
      - {name: rate, data_type: double precision}
      - {name: score, data_type: double precision}
      - {name: prediction, data_type: boolean}
"""
SERVED_SQL = """
    cast('p' || i as text) as prediction_id,
    cast(timestamp '2025-01-01' + i * interval '7 minutes' as timestamp) as event_time,
    cast(timestamp '2025-01-01' + i * interval '7 minutes' as timestamp) as ingest_time,
    cast(i % 5 as int) as plan,
    i % 3 = 0 as flag,
    cast(i % 2 as double precision) as code,
    cast(case when i % 4 = 0 then 0.3 else 0.1 end as real) as rate,
    cast(case when i % 10 = 0 then 0.6 else 0.2 end as real) as score,
    cast(i % 2 as int) as prediction"""
TRAINING_SQL = """
    cast(i % 5 as double precision) as plan,
    cast(case when i % 3 = 0 then 1 else 0 end as int) as flag,
    cast(case when i % 2 = 1 then '1.0' else '0' end as text) as code,
    cast(case when i % 4 = 0 then 0.3 else 0.1 end as double precision) as rate,
    cast(case when i % 10 = 0 then 0.6 else 0.2 end as double precision) as score,
    i % 2 = 1 as prediction"""
LABELS_SQL = """
    cast('p' || i as text) as prediction_id,
    i % 2 = 1 as label,
    cast(timestamp '2025-01-01' + i * interval '7 minutes' as timestamp) as label_time"""
SCORED = f"""
models:
  - name: stg_off__inferences
    config:
      contract: {{enforced: true}}
      meta: {{ml_monitor: {{task: binary, owner: me@example.com, segments: SEGMENTS}}}}
    columns:
{SERVED}NAMED_SERVED
  - name: stg_off__labels
    config: {{contract: {{enforced: true}}}}
    columns:
{LABELS}
  - name: stg_off__reference
    config: {{contract: {{enforced: true}}}}
    columns:
{TRAINING}NAMED_TRAINING
"""
GROUPED = """
models:
  - name: grouped
    columns:
      - name: v
        data_tests: [{ml_monitor.psi: {name: by_psi, arguments: {reference: ref('grouped'), group_by: [psi, value]}}}]
      - name: amount
        data_tests:
          - ml_monitor.null_rate: {name: by_row_count, arguments: {fail: 0.05, min_rows: 100, group_by: [row_count]}}
      - name: rate
        data_tests: [{ml_monitor.validity: {name: at_its_limit, arguments: {min: 0, max: 0.3, fail: {invalid_rate: 0}}}}]
"""
GROUPED_SQL = """select
    i as id, 1 + i % 2 as psi, 1 as value, 1 + i % 2 as row_count, (i * 7919 % 10007) / 10007.0 as v,
    case when i % 10 = 0 then null else 1.0 end as amount, cast(case when i % 4 = 0 then 0.3 else 0.1 end as real) as rate
from generate_series(0, 3999) as r(i)
"""


def names_of_sql(compiled: Path) -> list[str]:
    """Aliases, CTEs, tables and functions of the compiled models that have columns of the user beside them."""
    names: set[str] = set()
    for model in MODELS:
        sql = (compiled / f"flight_delay__{model}.sql").read_text(encoding="utf-8")
        sql = re.sub(r"'[^']*'|--.*|\"[^\"]*\"", " ", sql)
        names |= set(re.findall(r"\b(?:as|from|join|by)\s+([a-z_][a-z0-9_]*)\b", sql))
        names |= set(re.findall(r"\b([a-z_][a-z0-9_]*)\s*\(", sql))
        names |= set(re.findall(r"\b([a-z_][a-z0-9_]*)\.", sql))
    names = {re.sub(r"\d+$", "1", name) for name in names}
    return sorted(
        name for name in names - OWN if not name.startswith("ml_") and not name.startswith("flight_")
    )


def value_of(number: int, name: str) -> str:
    """SQL of a named feature: a text or a number, NULL in each tenth row."""
    if number % 2:
        return f"""case when i % 10 > 0 then cast(i % 7 as double precision) end as "{name}\""""
    return f"""case when i % 10 > 0 then cast('v' || (i % 3) as text) end as "{name}\""""


def features_of(named: list[str], engine: str) -> list[str]:
    """The names that are features on an engine: numbers and texts."""
    return named[["duckdb", "postgres"].index(engine) :: 5]


class Database:
    """Runs queries on PostgreSQL, as Project.query does on DuckDB."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        connection.autocommit = True

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()


Built = tuple[Project | Database, Result]


@pytest.fixture(scope="module")
def named(april_build: tuple[Project, Result]) -> list[str]:
    """The names of the features."""
    compiled = april_build[0].folder / "target/compiled/ml_monitor/models/monitors/flight_delay"
    names = names_of_sql(compiled)
    assert {"hour", "window_start", "count", "cast", "x", "row_count", "segment_value"} <= set(names)
    return names


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def built(
    request: pytest.FixtureRequest, named: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """(what runs queries, result of the build) on each engine."""
    project = Project(tmp_path_factory.mktemp("off") / "project", as_of=AS_OF)
    project.keep_only({"off": ["labels", "reference"]})
    types = ["double precision" if number % 2 else "string" for number in range(len(named))]
    features = features_of(named, request.param)
    served = [
        f'      - {{name: "{name}", data_type: {kind}, config: {{meta: {{role: {role}}}}}}}\n'
        for name, kind in zip(named, types, strict=True)
        for role in ["feature" if name in features else "context"]
    ]
    training = [
        f'      - {{name: "{name}", data_type: {kind}}}\n' for name, kind in zip(named, types, strict=True)
    ]
    text = SCORED.replace("SEGMENTS", '["hour", ["window_start", "as"]]')
    text = text.replace("NAMED_SERVED", "".join(served)).replace("NAMED_TRAINING", "".join(training))
    project.write("models/staging/off/_off.yml", text)
    more = "".join(f",\n    {value_of(number, name)}" for number, name in enumerate(named))
    rows = f"\nfrom generate_series(0, {ROWS - 1}) as r(i)\n"
    for table, sql in (
        ("inferences", SERVED_SQL + more),
        ("reference", TRAINING_SQL + more),
        ("labels", LABELS_SQL),
    ):
        project.write(f"models/staging/off/stg_off__{table}.sql", f"select{sql}{rows}")
    project.write("models/staging/grouped.yml", GROUPED)
    project.write("models/staging/grouped.sql", GROUPED_SQL)
    project.scaffold("off", ["labels", "reference"])
    command = ["build", "--select", "+off__data_quality", "+off__performance", "off__quarantine", "grouped"]
    if request.param == "duckdb":
        return project, project.dbt(*command)
    server: PostgresServer = request.getfixturevalue("postgres")
    environment = server.new_database("off")
    return Database(server.connect("off")), project.dbt(*command, env=environment)


def test_the_build_fails_only_where_a_group_has_nulls(built: Built) -> None:
    _, result = built
    assert result.errors == {}
    assert result.failing_tests == {"by_row_count"}
    assert {"by_psi", "at_its_limit"} <= result.named("pass", "test")
    assert result.statuses["by_row_count"] == "fail"


def test_a_value_is_the_same_in_every_type(built: Built) -> None:
    database, _ = built
    columns = "column_name in ('plan', 'flag', 'code', 'prediction')"
    sides = [
        database.query(
            f"select distinct column_name, category from off__{table} where {columns} order by 1, 2"
        )
        for table in ("hourly_profile", "reference_profile")
    ]
    two = [("code", "0"), ("code", "1"), ("flag", "0"), ("flag", "1")]
    expected = [*two, *(("plan", str(plan)) for plan in range(5)), ("prediction", "0"), ("prediction", "1")]
    assert sides == [expected, expected]


def test_labels_that_are_booleans_meet_predictions_that_are_numbers(built: Built) -> None:
    database, _ = built
    sql = """select distinct accuracy, recall, precision_score from off__performance
        where segment_name = '__all__' and model_version = '__all__'"""
    assert database.query(sql) == [(1, 1, 1)]


def test_a_32_bit_limit_is_not_passed_by_itself(built: Built) -> None:
    database, _ = built
    sql = """select column_name, sum(invalid_count), sum(default_count) from off__hourly_profile
        where column_name in ('rate', 'score', 'code', 'flag') and segment_name = '__all__'
        group by column_name order by column_name"""
    expected = [("code", 0, 0), ("flag", 0, 0), ("rate", 0, ROWS // 4), ("score", 0, 0)]
    assert [tuple(map(int_or_text, row)) for row in database.query(sql)] == expected
    assert database.query("select count(*) from off__quarantine") == [(0,)]
    # A value lies on the same edges as in the training set, which has it in 64 bits.
    sides = [
        database.query(f"select distinct slot from off__{table} where column_name = 'rate' order by slot")
        for table in ("hourly_profile", "reference_profile")
    ]
    assert sides[0] == sides[1]


def quoted(name: str) -> str:
    """A name as SQL."""
    return f'"{name}"'


def int_or_text(value: object) -> object:
    """A count as a whole number: PostgreSQL sums bigints to decimals."""
    return value if isinstance(value, str) else int(value)


def test_a_column_with_one_of_our_names_is_counted_as_any_other(built: Built, named: list[str]) -> None:
    database, _ = built
    sql = """select column_name, sum(row_count), sum(case when slot = -1 then row_count else 0 end),
            sum(case when category = '__other__' then row_count else 0 end)
        from off__hourly_profile where segment_name = '__all__' group by column_name"""
    counted = {row[0]: tuple(int(value) for value in row[1:]) for row in database.query(sql)}
    features = features_of(named, "duckdb" if isinstance(database, Project) else "postgres")
    assert {name: counted.get(name) for name in features} == dict.fromkeys(features, (ROWS, ROWS // 10, 0))
    others = [name for name in named if name not in features]
    sql = f"select {', '.join(f'count({quoted(name)})' for name in others)} from off__inferences_log"
    assert database.query(sql) == [(ROWS - ROWS // 10,) * len(others)]
    sql = "select distinct segment_name from off__hourly_profile order by 1"
    assert [name for (name,) in database.query(sql)] == ["__all__", "hour", "window_start * as"]

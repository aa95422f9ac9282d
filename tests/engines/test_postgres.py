"""PostgreSQL gives the same tables as DuckDB: thirty days of the flights, built in two runs on both engines.

The days hold what an engine may read in its own way: a NaN score, the year 2262, NULL ids and times, a new
model version, a unit change, a day as JSON Lines, and rows that only differ in what breaks a tie. Keys, counts,
texts and verdicts must be equal; sums agree to 1e-9 of the sum of magnitudes, metrics to 1e-9 of their scale,
and numbers in messages to the last printed digit.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import awkward_monitor
import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tiny_monitor
from conftest import ROOT, Project, Result, prepare_demo
from postgres_server import PostgresServer
from prepare_demo import move_to_jsonl

FIRST_DAY, LAST_DAY = "2013-07-10", "2013-08-08"
RUNS = ["2013-08-05 12:00:00", "2013-08-08 12:00:00"]
TOLERANCE = 1e-9
# What a run remembers of itself, and hashes that each engine makes in its own way.
INTERNAL = {
    "ml_batch",
    "labels_batch",
    "baseline_state",
    "right_fingerprint",
    "training_state",
    "input_state",
    "ml_key_hash",
    # They cover the SQL of the engine.
    "declaration_hash",
    "code_hash",
    "invocation_id",
    "recorded_at",
    "last_run_at",
    # SQL of the engine, which test_rows_queries_of_awkward_names_return_what_was_counted runs.
    "rows_query",
    # ml_test_facets has it, too.
    "content",
}
# Texts that contain rounded numbers.
PROSE = {"message", "description", "expected", "actual", "detail", "top_bin", "counter_bin", "rest_value"}
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
    "error_sum": "sqrt(error_count * squared_error_sum)",
    "absolute_error_sum": "sqrt(error_count * squared_error_sum)",
    "label_z_sum": "sqrt(error_count * label_z_squared_sum)",
    "squared_error_sum": "squared_error_sum",
}
# A metric's scale is its largest value among the rows that are alike in these.
SCALE_KEYS = ["metric", "subject", "column_name", "join_name"]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass
class Engines:
    """The same runs of one project on both engines."""

    duckdb_file: Path
    server: PostgresServer
    database: str
    postgres_project: Project
    on_duckdb: list[Result]
    on_postgres: list[Result]


def build_on_both(server: PostgresServer, database: str, project: Project, runs: list[str]) -> Engines:
    """Build a project as of these times on DuckDB and, from a copy of it, on PostgreSQL."""
    # A copy, since dbt parses everything again when the target changes.
    on_postgres = project.copy_to(project.folder.with_name("on_postgres"))
    environment = server.new_database(database, project.raw)
    return Engines(
        project.database,
        server,
        database,
        on_postgres,
        [project.dbt("build", env={"ML_AS_OF": as_of}) for as_of in runs],
        [on_postgres.dbt("build", env=environment | {"ML_AS_OF": as_of}) for as_of in runs],
    )


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
def flights(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """Thirty days of the demo on both engines. Read only."""
    folder = tmp_path_factory.mktemp("flights")
    project = Project(folder / "project", raw=thirty_days(folder / "raw"))
    return build_on_both(postgres, "flights", project, RUNS)


@pytest.fixture(scope="module")
def awkward(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """A monitor of awkward names and values on both engines. Read only."""
    folder = tmp_path_factory.mktemp("awkward")
    project = awkward_monitor.new_project(folder / "project", awkward_monitor.generate())
    return build_on_both(postgres, "awkward", project, [awkward_monitor.AS_OF])


class Comparison:
    """Both builds in one in-memory DuckDB: schema ``pg``, copied, and database ``duck``, attached."""

    engine = "PostgreSQL"

    def __init__(self, engines: Engines, folder: Path) -> None:
        self.memory = duckdb.connect()
        self.memory.execute("set TimeZone = 'UTC'")
        self.memory.execute(f"attach '{engines.duckdb_file}' as duck (read_only)")
        self.memory.execute("create schema pg")
        self.columns: dict[str, list[tuple[str, str]]] = {}
        connection = engines.server.connect(engines.database)
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
        for side, engine in (("is_in_one", self.engine), ("is_in_other", "DuckDB")):
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


def all_differences(engines: Engines, folder: Path) -> list[str]:
    """What differs between the two builds, in words."""
    return differences_of(Comparison(engines, folder))


def differences_of(comparison: Comparison) -> list[str]:
    """What differs between the builds of a comparison, in words."""
    on_duckdb = comparison.duckdb_columns()
    found = [f"{table}: only on one engine" for table in comparison.columns.keys() ^ on_duckdb.keys()]
    for table in sorted(comparison.columns.keys() & on_duckdb.keys()):
        columns = comparison.columns[table]
        if columns != on_duckdb[table]:
            found.append(f"{table}: columns {columns} and on DuckDB {on_duckdb[table]}")
        else:
            found += comparison.differences(table)
    return found


def assert_runs_are_alike(engines: Engines) -> None:
    """Every node of every run ended as it did on the other engine, and none in an error."""
    for one, other in zip(engines.on_duckdb, engines.on_postgres, strict=True):
        assert one.statuses, one.output
        assert one.errors == {}
        assert other.errors == {}
        assert other.statuses == one.statuses
        assert other.exit_code == one.exit_code


def test_the_runs_of_the_flights_end_alike(flights: Engines) -> None:
    assert_runs_are_alike(flights)
    # The corrupt rows of the last days: without a failing gate much would go untested.
    assert flights.on_postgres[-1].failing_tests == {"flight_delay__gate_contract"}
    assert flights.on_postgres[-1].skipped_models == {"flight_delay_training_set"}


def test_every_table_of_the_flights_is_the_same(flights: Engines, tmp_path: Path) -> None:
    assert all_differences(flights, tmp_path) == []


def test_no_model_takes_long_on_postgres(flights: Engines) -> None:
    # A join by nested loops takes hours; all models together take about 20 s.
    results = [one for run in flights.on_postgres for one in run.run_results]
    assert {one["unique_id"]: one["execution_time"] for one in results if one["execution_time"] > 30} == {}


DASHBOARD = ROOT / "docs" / "grafana" / "dashboards" / "ml_monitor.json"


def as_grafana_sends(query: str) -> str:
    """A query of the dashboard with its macros and its variable written out, all monitors and all days chosen."""
    first, last = f"{FIRST_DAY}T00:00:00Z", f"{LAST_DAY}T12:00:00Z"
    query = re.sub(r"\$__timeFilter\((\w+)\)", rf"\1 between '{first}' and '{last}'", query)
    return query.replace("$monitor", "'flight_delay','flight_air_time'")


def test_every_panel_of_the_dashboard_shows_rows(flights: Engines) -> None:
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    connection = flights.server.connect(flights.database)
    with connection, connection.cursor() as cursor:
        (variable,) = dashboard["templating"]["list"]
        cursor.execute(variable["query"])
        assert cursor.fetchall() == [("flight_air_time",), ("flight_delay",)]
        for panel in dashboard["panels"]:
            (target,) = panel["targets"]
            query = as_grafana_sends(target["rawSql"])
            assert "$" not in query, panel["title"]
            cursor.execute(query)
            columns = [column.name for column in cursor.description]
            rows = cursor.fetchall()
            assert rows, panel["title"]
            assert len(set(columns)) == len(columns)
            if target["format"] == "time_series":
                assert columns[:2] == ["time", "metric"], panel["title"]
                assert len(columns) == 3
                assert all(isinstance(row[0], datetime) for row in rows)
                assert all(row[2] is None or isinstance(row[2], int | float) for row in rows)
                # Grafana wants each series in the order of time.
                assert [row[0] for row in rows] == sorted(row[0] for row in rows), panel["title"]
    connection.close()


def test_descriptions_are_comments_on_both_engines(flights: Engines) -> None:
    """What a BI tool shows beside a public table and its columns."""
    nodes = flights.on_postgres[-1].manifest["nodes"].values()
    public = {
        node["name"]: node
        for node in nodes
        if node.get("access") == "public" and node["config"]["contract"]["enforced"]
    }
    assert len(public) > 30
    connection = flights.server.connect(flights.database)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            """select c.relname, a.attname, col_description(c.oid, a.attnum), obj_description(c.oid, 'pg_class')
            from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
            where c.relnamespace = 'public'::regnamespace"""
        )
        on_postgres = cursor.fetchall()
    connection.close()
    with duckdb.connect(str(flights.duckdb_file), read_only=True) as connection:
        on_duckdb = connection.execute(
            """select table_name, column_name, c.comment, t.comment from duckdb_columns() as c
            join (
                select table_name, comment from duckdb_tables() union all select view_name, comment from duckdb_views()
            ) as t using (table_name)
            where not internal"""
        ).fetchall()
    for rows in (on_postgres, on_duckdb):
        found = {
            (table, column): (text, of_table) for table, column, text, of_table in rows if table in public
        }
        for name, node in public.items():
            for column in node["columns"].values():
                text, of_table = found[name, column["name"]]
                assert text == (column["description"] or None), f"{name}.{column['name']}"
                assert text, f"{name}.{column['name']} has no description"
                assert of_table == node["description"], name


def test_an_empty_build_works_on_postgres(flights: Engines) -> None:
    environment = flights.server.environment(flights.database)
    result = flights.postgres_project.dbt(
        "build", "--empty", env=environment | {"ML_SCHEMA": "empty_run", "ML_AS_OF": RUNS[-1]}
    )
    assert result.errors == {}
    assert result.exit_code == 0


def test_awkward_names_and_values_are_the_same(awkward: Engines, tmp_path: Path) -> None:
    assert_runs_are_alike(awkward)
    assert all_differences(awkward, tmp_path) == []


def written(value: str | None) -> str | None:
    """A text as the tables write it: our own words, with or without ``=`` in front, get one more."""
    words = {"__all__", "__other__", "__null__", "__none__", "__labelled__", "__unlabelled__"}
    return f"={value}" if value is not None and value.lstrip("=") in words else value


def counts(values: pd.Series, null: str | None = None) -> dict[str | None, int]:
    """How often each text occurs, as the tables write it; ``null`` stands for NULL."""
    return {
        null if pd.isna(value) else written(value): int(count)
        for value, count in values.value_counts(dropna=False).items()
    }


def test_awkward_names_and_values_are_counted(awkward: Engines) -> None:
    frames = awkward_monitor.generate()
    logged = frames["inferences"]
    rows = logged.drop_duplicates("Id")
    rows = rows[rows["it's: paid"].fillna(-1).ge(0) & rows["a b"].fillna(0).gt(-5)]
    connection = duckdb.connect(str(awkward.duckdb_file), read_only=True)

    def counted(sql: str) -> dict[str | None, int]:
        return {key: int(count) for key, count in connection.execute(sql).fetchall() if count}

    profile = (
        "select {} from awkward__hourly_profile where column_name = '{}' and segment_name = '{}' group by 1"
    )
    for column in ("Größe", "class"):
        sql = profile.format("category, sum(row_count)", column, "__all__")
        assert counted(sql) == counts(rows[column])
    for segment in ("Größe", "CamelCase"):
        sql = profile.format("segment_value, sum(row_count)", "user", segment)
        texts = rows[segment] if segment == "Größe" else rows[segment].map({True: "true", False: "false"})
        assert counted(sql) == counts(texts, null="__null__")
    sql = profile.format("model_version, sum(row_count)", "user", "__all__")
    assert counted(sql) == counts(rows["Model"], null="__null__")

    quality = dict.fromkeys(["null", "nan", "infinite", "zero", "default", "invalid"], 0)
    sums = ", ".join(f"sum({name}_count)" for name in quality)

    def measured(column: str) -> dict[str, int]:
        sql = f"""select {sums} from awkward__data_quality
            where window_grain = 'day' and segment_name = '__all__' and column_name = '{column}'"""
        return dict(zip(quality, map(int, connection.execute(sql).fetchone()), strict=True))

    number = rows["select"]
    assert measured("select") == quality | {
        "nan": int(number.isna().sum()),
        "infinite": int((number.abs() > 1e100).sum()),
        "zero": int((number == 0).sum()),
        "default": int((number == 0).sum()),
        "invalid": int((number.lt(-2) | number.gt(5)).sum()),  # NaN is counted apart
    }
    assert measured("a b") == quality | {
        "null": int(rows["a b"].isna().sum()),
        "zero": int((rows["a b"] == 0).sum()),
        "default": int((rows["a b"] == 3).sum()),
        "invalid": int((rows["a b"] < -4).sum()),
    }
    text = rows["Größe"]
    assert measured("Größe") == quality | {
        "null": int(text.isna().sum()),
        "zero": int((text == "0").sum()),
        "default": int((text == awkward_monitor.DEFAULT).sum()),
        "invalid": int((text.notna() & ~text.isin(awkward_monitor.ACCEPTED)).sum()),
    }

    labels = frames["labels"].set_index("Id")["Label"]
    known = rows[["Id", "class"]].assign(label=rows["Id"].map(labels))
    sql = (
        "select label, sum(row_count) from awkward__hourly_outcomes where segment_name = '__all__' group by 1"
    )
    assert counted(sql) == counts(known["label"], null="__unlabelled__")
    correct = int((known["class"] == known["label"]).sum())
    sql = """select sum(labelled_rows), sum(correct_rows) from awkward__performance
        where model_version = '__all__' and segment_name = '__all__' and window_grain = 'day'"""
    assert connection.execute(sql).fetchone() == (int(known["label"].notna().sum()), correct)
    sql = "select ml_row_state, count(*) from awkward__inferences_log group by 1"
    duplicates = logged.duplicated("Id") & logged["Id"].isin(rows["Id"])
    assert counted(sql) == {
        "current": len(rows),
        "duplicate": int(duplicates.sum()),
        "quarantined": len(logged) - len(rows) - int(duplicates.sum()),
    }
    sql = "select ml_quarantine_reason, count(*) from awkward__quarantine group by 1"
    is_unpaid = logged["it's: paid"].fillna(-1).lt(0)
    assert counted(sql) == {
        "invalid:it's: paid": int(is_unpaid.sum()),
        "rule:hour": int((~is_unpaid & logged["a b"].fillna(0).le(-5)).sum()),
    }


def test_rows_queries_of_awkward_names_return_what_was_counted(awkward: Engines) -> None:
    """On each engine a query returns as many rows as its check speaks of."""
    names = {"top_value_share", "spike_share_change", *(f"{name}_rate" for name in awkward_monitor.RATES)}
    sql = """select metric, value, sample_size, rows_query, message from awkward__checks
        where rows_query is not null order by check_id"""
    on_duckdb = duckdb.connect(str(awkward.duckdb_file), read_only=True)
    on_duckdb.execute("set TimeZone = 'UTC'")
    on_postgres = awkward.server.connect(awkward.database).cursor()
    for cursor in (on_duckdb, on_postgres):
        cursor.execute(sql)
        checked: dict[str, int] = {}
        for metric, value, sample, query, message in cursor.fetchall():
            # A few of each, for time.
            if metric not in names or checked.get(metric, 0) == 40:
                continue
            share = re.search(r"share ([0-9.]+) %", message)
            expected = sample * (float(share[1]) / 100 if share else value)
            cursor.execute(query)
            assert abs(len(cursor.fetchall()) - expected) <= (1e-4 * sample if share else 1e-6), query
            checked[metric] = checked.get(metric, 0) + 1
        assert names - checked.keys() == {"nan_rate", "numeric_text_rate", "unseen_rate"}


def test_two_runs_at_once_end_as_one(postgres: PostgresServer, tmp_path: Path) -> None:
    frames = tiny_monitor.generate(days=6, rows_per_day=60)
    project = tiny_monitor.new_project(tmp_path / "project", {"tiny": frames})
    for path in (project.folder / "models/staging/tiny").glob("*.sql"):
        text = re.sub(r"read_parquet\(.*?/(\w+)\.parquet'\)", r"raw.\1", path.read_text("utf-8"))
        path.write_text(text, "utf-8")
    command = ["build", "--exclude-resource-type", "test", "unit_test"]
    tables = ["inferences_log", "hourly_profile", "drift", "checks"]
    content = []
    for name in ("once", "twice"):
        environment = postgres.new_database(name, project.raw / "tiny")
        project.dbt(*command, env=environment | {"ML_AS_OF": "2025-01-04 00:00:00"}, check=0)
        late = environment | {"ML_AS_OF": "2025-01-06 00:00:00"}
        if name == "once":
            project.dbt(*command, env=late, check=0)
        else:
            started = [
                project.start_dbt(*command, "--target-path", target, env=late)
                for target in ("target", "target_2")
            ]
            # A view that both replace may stop one of them.
            codes = [run.wait(120) for run in started]
            assert 0 in codes, [run.output for run in started]
        with postgres.connect(name) as connection, connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"select * from tiny__{table}")
                keep = [i for i, column in enumerate(cursor.description) if column.name not in INTERNAL]
                rows = ([row[i] for i in keep] for row in cursor.fetchall())
                # PostgreSQL adds floats in any order, so the last digits of sums may differ.
                content.append(
                    sorted(
                        str([round(v, 9) + 0.0 if isinstance(v, float) else v for v in row]) for row in rows
                    )
                )
    assert content[: len(tables)] == content[len(tables) :]

"""Spark with Iceberg gives the same tables as DuckDB: one monitor of the flights over three days, built in two runs on both.

The days hold rows that arrive a day late, a retry with another content, corrected labels, and a join that breaks on the
last day, so that gates fail and an incident begins. What must be equal is said in test_postgres.py. A third run, with nothing
new, writes no table that is added to.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from conftest import DEMO_POLICIES, Project, Result, prepare_demo
from results import quiet_models
from spark_session import Spark
from test_postgres import Comparison, differences_of

MONITOR = "flight_air_time"
PARTS = ["labels", "reference", "weather", "aircraft"]
RAW = [f"{MONITOR}_inferences", f"{MONITOR}_labels", f"{MONITOR}_reference", "weather", "aircraft"]
FIRST_DAY, LAST_DAY = "2013-07-10", "2013-07-12"
RUNS = ["2013-07-12 00:30:00", "2013-07-13 10:00:00"]
SCHEMA = "flights"
ARGUMENTS = ("build", "--exclude", "resource_type:unit_test", "source:*")
TYPES = {
    "bigint": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "double": "DOUBLE",
    "int": "INTEGER",
    "string": "VARCHAR",
    "timestamp": "TIMESTAMP",
}
# A plan of Spark has the tables that views read; the limit is that of test_base_scans.py.
MAX_SCANS = 100


def three_days(folder: Path) -> Path:
    """Raw logs with what an incremental build has to get right."""
    source = prepare_demo(folder / "prepared", "--first-day", FIRST_DAY, "--last-day", LAST_DAY)
    raw = folder / "raw"
    shutil.copytree(source, raw)
    log = raw / f"{MONITOR}_inferences"
    first, last = pd.read_parquet(log / f"{FIRST_DAY}.parquet"), pd.read_parquet(log / f"{LAST_DAY}.parquet")
    late = first.iloc[200:240].assign(ingest_time=lambda rows: rows["ingest_time"] + pd.Timedelta(hours=50))
    retried = first.iloc[300:320].assign(
        ingest_time=lambda rows: rows["ingest_time"] + pd.Timedelta(minutes=5),
        request_id=lambda rows: rows["request_id"].str[::-1],
    )
    kept = first.drop(index=late.index)
    pd.concat([kept, retried]).to_parquet(log / f"{FIRST_DAY}.parquet", index=False)
    last.loc[last.index[300:], "weather_station"] = "XXX"
    pd.concat([last, late]).to_parquet(log / f"{LAST_DAY}.parquet", index=False)
    labels = raw / f"{MONITOR}_labels"
    told = pd.read_parquet(labels / f"{FIRST_DAY}.parquet").iloc[:60]
    corrected = told.assign(label=told["label"] + 90, ingest_time=told["ingest_time"] + pd.Timedelta(days=2))
    newest = labels / f"{LAST_DAY}.parquet"
    pd.concat([pd.read_parquet(newest), corrected]).to_parquet(newest, index=False)
    reference = raw / f"{MONITOR}_reference.parquet"
    pd.read_parquet(reference).iloc[::10].to_parquet(reference, index=False)
    return raw


def one_monitor(folder: Path, raw: Path) -> Project:
    """A project of the one monitor and the fleet views."""
    project = Project(folder, raw=raw)
    project.remove(
        "models/staging/flight_delay", "models/monitors/flight_delay", "models/consumers", "analyses"
    )
    project.write(DEMO_POLICIES, project.read(DEMO_POLICIES).splitlines()[0] + "\n")
    project.append("dbt_project.yml", f"\nvars:\n  ml_monitors: {{{MONITOR}: [{', '.join(PARTS)}]}}\n")
    return project


@dataclass
class Built:
    """The same runs on both engines."""

    duckdb_file: Path
    project: Project
    on_duckdb: list[Result]
    on_spark: list[Result]


@pytest.fixture(scope="module")
def built(spark: Spark, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Two runs on both engines. Read only, but for the quiet run at the end."""
    folder = tmp_path_factory.mktemp("spark")
    raw = three_days(folder)
    project = one_monitor(folder / "project", raw)
    other = project.copy_to(folder / "on_spark")
    spark.load(raw, RAW)
    own = {"ML_UNIT_TESTS": None}
    return Built(
        project.database,
        other,
        [project.dbt(*ARGUMENTS, env=own | {"ML_AS_OF": as_of}) for as_of in RUNS],
        [spark.dbt(other, *ARGUMENTS, schema=SCHEMA, env=own | {"ML_AS_OF": as_of}) for as_of in RUNS],
    )


class SparkComparison(Comparison):
    """Both builds in one in-memory DuckDB, those of Spark by way of Parquet."""

    engine = "Spark"

    def __init__(self, built: Built, spark: Spark, folder: Path) -> None:
        self.memory = duckdb.connect()
        self.memory.execute("set TimeZone = 'UTC'")
        self.memory.execute(f"attach '{built.duckdb_file}' as duck (read_only)")
        self.memory.execute("create schema pg")
        self.columns = {}
        for _, table, *_ in spark.run(f"show tables in {SCHEMA}"):
            frame = spark.session.table(f"{SCHEMA}.{table}")
            self.columns[table] = [(name, TYPES.get(kind, kind)) for name, kind in frame.dtypes]
            frame.coalesce(1).write.parquet(str(folder / table))
            described = ", ".join(
                f'cast("{name}" as {kind}) as "{name}"' for name, kind in self.columns[table]
            )
            self.memory.execute(
                f"""create table pg."{table}" as select {described} from read_parquet('{folder / table}/*.parquet')"""
            )


def test_both_runs_end_alike(built: Built) -> None:
    for one, other in zip(built.on_duckdb, built.on_spark, strict=True):
        assert one.errors == {}, one.output
        assert other.errors == {}, other.output
        assert other.statuses == one.statuses
        assert other.exit_code == one.exit_code
    assert f"{MONITOR}__gate_quality" in built.on_spark[-1].failing_tests


def test_every_table_is_the_same(built: Built, spark: Spark, tmp_path: Path) -> None:
    comparison = SparkComparison(built, spark, tmp_path)
    assert differences_of(comparison) == []
    # What would be equal without a row tells nothing.
    for table in ("labels", "performance", "drift", "data_quality", "checks", "gate"):
        assert comparison.memory.execute(f'select count(*) from pg."{MONITOR}__{table}"').fetchone() > (0,)
    assert comparison.memory.execute("select count(*) from pg.ml_incidents").fetchone() > (0,)


def plan_of(spark: Spark, project: Project, model: str) -> Any:
    """The plan that Spark makes of a model, as it was compiled for the last run."""
    compiled = project.read(f"target/compiled/ml_monitor/models/monitors/{MONITOR}/{MONITOR}__{model}.sql")
    return spark.session.sql(compiled)._jdf.queryExecution().optimizedPlan().toString()


@pytest.mark.parametrize("model", ["drift", "checks"])
def test_spark_scans_at_most_a_hundred_tables(built: Built, spark: Spark, model: str) -> None:
    scans = plan_of(spark, built.project, model).count("RelationV2[")
    assert 1 <= scans <= MAX_SCANS


def snapshots(built: Built, spark: Spark) -> dict[str, list[str]]:
    """What each commit of each table did, by the name of its model."""
    return {
        node["name"]: [
            operation
            for (operation,) in spark.run(
                f"select operation from {SCHEMA}.{node['alias']}.snapshots order by committed_at"
            )
        ]
        for node in built.on_spark[-1].manifest["nodes"].values()
        if node["config"]["materialized"] == "ml_monitor_table"
    }


def test_groups_are_replaced_in_one_commit(built: Built, spark: Spark) -> None:
    commits = snapshots(built, spark)
    assert commits[f"{MONITOR}__performance"] == ["append", "overwrite"]
    assert commits[f"{MONITOR}__labels_log"] == ["append", "overwrite"]
    assert max(map(len, commits.values())) == 2, commits


def test_a_quiet_run_writes_nothing(built: Built, spark: Spark) -> None:
    before = snapshots(built, spark)
    result = spark.dbt(
        built.project, "run", "--select", "path:models/monitors", schema=SCHEMA, env={"ML_AS_OF": RUNS[-1]}
    )
    assert result.errors == {}
    written = {name for name, commits in snapshots(built, spark).items() if commits != before[name]}
    # It keeps a row of each run.
    assert written == {f"{MONITOR}__history"}
    assert before.keys() - quiet_models(result) == written


def test_a_run_stops_where_a_setting_is_wrong(built: Built, spark: Spark, tmp_path: Path) -> None:
    project = built.project.copy_to(tmp_path / "project")
    project.replace("profiles/profiles.yml", "session.timeZone: UTC", "session.timeZone: Asia/Kolkata")
    project.replace("dbt_project.yml", "'iceberg' if", "'parquet' if")
    result = spark.dbt(project, "run", "--select", f"{MONITOR}__drift", schema="refused")
    assert result.exit_code != 0
    assert "2 settings of the engine must be another; nothing was written." in result.output
    for line in (
        "spark.sql.session.timeZone",
        "found:   Asia/Kolkata",
        "spark.sql.session.timeZone: UTC",
        "models.ml_monitor.+file_format",
        "found:   parquet, for ",
        "+file_format: iceberg",
    ):
        assert line in result.output
    assert spark.run("show tables in refused") == []

"""Spark with Iceberg in the process of the tests: one session, which dbt's target ``spark`` and the tests' own queries share.

It starts once (a Java machine and its metastore, half a minute), with the settings of profiles/profiles.yml, and what it has
compiled is kept from one run of dbt to the next. Its tables are in a temporary folder.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project, Result
    from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "build" / "iceberg.jar"


class Spark:
    """A running session; use it as a context manager."""

    def __init__(self) -> None:
        self.folder = Path()

    def __enter__(self) -> Spark:
        if not JAR.exists() or shutil.which("java") is None:
            raise RuntimeError(f"Spark needs Java 17 on PATH and {JAR}: make test-spark makes that")
        self.folder = Path(tempfile.mkdtemp(prefix="ml_monitor_spark_"))
        self.settings()
        return self

    def __exit__(self, *_: object) -> None:
        from pyspark.sql import SparkSession

        session = SparkSession.getActiveSession()
        if session is not None:
            session.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def session(self) -> SparkSession:
        """The session, as dbt makes it."""
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.enableHiveSupport()
        for name, value in self.settings().items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("FATAL")
        return session

    def environment(self, schema: str) -> dict[str, str | None]:
        """What makes dbt use the session, with its tables in a schema."""
        return {
            "ML_TARGET": "spark",
            "ML_SCHEMA": schema,
            "ML_SPARK_FOLDER": str(self.folder),
            "ML_ICEBERG_JAR": str(JAR),
            "SPARK_LOCAL_IP": "127.0.0.1",
        }

    def settings(self) -> dict[str, str]:
        """The settings of the profile."""
        import jinja2
        import yaml

        given = self.environment("unused")
        environment = jinja2.Environment()
        environment.filters["as_number"] = int
        text = (ROOT / "profiles" / "profiles.yml").read_text(encoding="utf-8")
        rendered = environment.from_string(text).render(
            env_var=lambda name, default=None: given.get(name) or default
        )
        target = yaml.safe_load(rendered)["ml_monitor"]["outputs"]["spark"]
        # So dbt-spark sets it for each statement.
        return target["server_side_parameters"] | {"spark.sql.ansi.enabled": "false"}

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query, or of a statement."""
        frame = self.session.sql(sql)
        # PySpark gives moments in the zone of the machine, and none of the year 1.
        columns = [
            frame[f"`{field.name}`"].cast("timestamp_ntz").alias(field.name)
            if field.dataType.typeName() == "timestamp"
            else frame[f"`{field.name}`"]
            for field in frame.schema.fields
        ]
        return [tuple(row) for row in (frame.select(columns) if columns else frame).collect()]

    def load(self, raw: Path, names: list[str], schema: str = "raw") -> None:
        """Make tables of raw logs, ``<name>.parquet`` or ``<name>/*.parquet``, under the names of the sources."""
        self.run(f"create schema if not exists {schema}")
        for name in names:
            files = sorted((raw / name).glob("*.parquet")) or [raw / f"{name}.parquet"]
            frame = self.session.read.parquet(*map(str, files))
            columns = [
                frame[field.name].cast("timestamp").alias(field.name)
                if field.dataType.typeName() == "timestamp_ntz"
                else frame[field.name]
                for field in frame.schema.fields
            ]
            frame.select(columns).writeTo(f"{schema}.{name}").using("iceberg").createOrReplace()

    def dbt(
        self,
        project: Project,
        *args: str,
        schema: str,
        check: int | None = None,
        env: dict[str, str | None] | None = None,
    ) -> Result:
        """Run dbt on the session in this process; ``check`` is the exit code to insist on."""
        from conftest import Result
        from dbt.cli.main import dbtRunner

        _ = self.session
        artifact = project.folder / "target" / "run_results.json"
        artifact.unlink(missing_ok=True)
        before, folder, said = dict(os.environ), os.getcwd(), io.StringIO()
        try:
            os.environ.clear()
            os.environ.update(project.environment(self.environment(schema) | (env or {})))
            os.chdir(project.folder)
            with contextlib.redirect_stdout(said):
                done = dbtRunner().invoke(["--no-use-colors", *args])
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(before)
        code = 0 if done.success else 2 if done.exception else 1
        result = Result(args, code, said.getvalue() + (f"\n{done.exception}" if done.exception else ""))
        for name, file in (("manifest", "manifest.json"), ("run_results", "run_results.json")):
            path = project.folder / "target" / file
            if path.exists():
                read = json.loads(path.read_text(encoding="utf-8"))
                setattr(result, name, read if name == "manifest" else read["results"])
        if check is not None and code != check:
            raise AssertionError(f"dbt {' '.join(args)} exited {code}, not {check}:\n{result.output}")
        return result


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    """A Spark session for the tests of this process."""
    with Spark() as running:
        yield running

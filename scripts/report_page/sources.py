"""Where the report reads the fleet views: a dbt project by its profile, or a DuckDB file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

Row = dict[str, Any]
# The views that the report reads. Those that are not there are left out of it, except the first three.
REQUIRED = ("ml_monitors", "ml_gates", "ml_checks")
VIEWS = (
    *REQUIRED,
    "ml_columns",
    "ml_data_quality",
    "ml_drift",
    "ml_findings",
    "ml_freshness",
    "ml_histograms",
    "ml_incident_findings",
    "ml_incidents",
    "ml_join_cardinality",
    "ml_performance",
    "ml_performance_metrics",
    "ml_policies",
    "ml_quality_score",
    "ml_relations",
    "ml_runs",
    "ml_volume",
)


class ReportError(Exception):
    """Something the caller must change; the text says what."""


class Source:
    """The fleet views of one warehouse.

    Arguments:
        name (str): how the report calls the warehouse.
        relations (dict): name in SQL of each view that exists, by its model.
        rows (callable): rows of a query, each a dict by column name.
        close (callable): ends the connection.
    """

    def __init__(
        self,
        name: str,
        relations: dict[str, str],
        rows: Callable[[str], list[Row]],
        close: Callable[[], None],
    ) -> None:
        self.name, self.relations, self._rows, self._close = name, relations, rows, close
        missing = [view for view in REQUIRED if view not in relations]
        if missing:
            close()
            raise ReportError(f"no {', '.join(missing)} in {name}; build the fleet views first (dbt build)")

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def rows(self, view: str, sql: str) -> list[Row]:
        """Rows of a query on ``{view}``; none if the warehouse has no such view."""
        if view not in self.relations:
            return []
        return self._rows(sql.replace("{view}", self.relations[view]))


def duckdb_source(database: Path, schema: str | dict[str, str] = "main") -> Source:
    """The views of a DuckDB file, opened read-only.

    Arguments:
        database (Path): the file.
        schema (str or dict): schema of the views; or of each view by its name.
    Raises: ReportError if there is no such file, it is in use by a writer, or the views are not there.
    """
    import duckdb

    if not database.is_file():
        raise ReportError(f"{database} does not exist; build it first (dbt build)")
    try:
        connection = duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        raise ReportError(
            f"{database} cannot be opened; while dbt writes a DuckDB file nobody else can read it:\n{error}"
        ) from error
    connection.execute("set enable_progress_bar = false")
    found = {
        tuple(row)
        for row in connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
    }
    schemas = schema if isinstance(schema, dict) else dict.fromkeys(VIEWS, schema)
    relations = {
        view: '"{}"."{}"'.format(schemas[view].replace('"', '""'), view)
        for view in VIEWS
        if view in schemas and (schemas[view], view) in found
    }

    def rows(sql: str) -> list[Row]:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    return Source(database.name, relations, rows, connection.close)


def project_source(project_dir: Path, profiles_dir: Path | None = None, target: str | None = None) -> Source:
    """The views of a dbt project, read through its profile and adapter.

    Arguments: project_dir (Path), profiles_dir (Path, optional), target (str, optional): as of dbt.
    Raises: ReportError if there is no project, dbt cannot parse it, or the views are not there.
    """
    # dbt changes the working directory to that of the project.
    project_dir = project_dir.resolve()
    if not (project_dir / "dbt_project.yml").is_file():
        raise ReportError(
            f"{project_dir / 'dbt_project.yml'} does not exist: run this in the root of a dbt project, or give --project-dir"
        )
    from warehouse import PACKAGE, Warehouse, WarehouseError

    try:
        warehouse = Warehouse(project_dir, profiles_dir, target)
    except WarehouseError as error:
        raise ReportError(str(error)) from error
    credentials = warehouse.adapter.config.credentials
    if warehouse.manifest.metadata.adapter_type == "duckdb":
        path = project_dir / credentials.path
        if path.is_file():
            nodes = {view: warehouse.manifest.nodes.get(f"model.{PACKAGE}.{view}") for view in VIEWS}
            return duckdb_source(path, {view: node.schema for view, node in nodes.items() if node})

    def rows(sql: str) -> list[Row]:
        try:
            return warehouse.rows(sql)
        except WarehouseError as error:
            raise ReportError(str(error)) from error

    # A project may have built a part of it only.
    try:
        relations = {view: warehouse.relation(view) for view in VIEWS if warehouse.exists(view)}
    except WarehouseError as error:
        raise ReportError(str(error)) from error
    name = f"{credentials.database}.{credentials.schema}"
    return Source(name, relations, rows, lambda: None)

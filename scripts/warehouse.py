"""Read and write the warehouse of a dbt project through the project's own profile and adapter.

    warehouse = Warehouse(Path("."))
    rows = warehouse.rows(f"select * from {warehouse.relation('ml_incidents')}")

dbt parses the project first, so names, schemas and the target are those of ``dbt build``; where the project was built
before and has not changed, that takes a few seconds. Needs the Python of dbt, and works on every adapter. On DuckDB the
file is locked from the first statement until the process ends, as dbt-duckdb keeps it open.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dbt.adapters.factory import get_adapter_by_type
from dbt.cli.main import dbtRunner
from dbt_common.exceptions import DbtBaseException
from terminal import progress

PACKAGE = "ml_monitor"
Row = dict[str, Any]


class WarehouseError(Exception):
    """The project cannot be parsed, or a statement failed; the text says why."""


class Warehouse:
    """The warehouse that a dbt project is built in.

    Arguments:
        project_dir (Path or str): folder of dbt_project.yml.
        profiles_dir (Path or str, optional): folder of profiles.yml; by default as dbt finds it.
        target (str, optional): target of the profile; by default the profile's.
    Raises: WarehouseError if dbt cannot parse the project.
    """

    def __init__(
        self, project_dir: Path | str, profiles_dir: Path | str | None = None, target: str | None = None
    ) -> None:
        # Without writing: a manifest in target/ that was made for another purpose stays.
        command = ["--quiet", "--no-send-anonymous-usage-stats", "--no-write-json", "parse"]
        options = {"project-dir": project_dir, "profiles-dir": profiles_dir, "target": target}
        for name, value in options.items():
            command += [f"--{name}", str(value)] if value is not None else []
        with progress("reading the dbt project"):
            done = dbtRunner().invoke(command)
        if not done.success:
            raise WarehouseError(f"dbt cannot parse {Path(project_dir).resolve()}: {done.exception}")
        self.manifest: Any = done.result
        self.adapter = get_adapter_by_type(self.manifest.metadata.adapter_type)

    def relation(self, model: str) -> str | None:
        """Name of a model of ml_monitor in the warehouse, quoted as dbt does; none if the project has no such model.

        Arguments: model (str), such as ``ml_incidents``.
        """
        node = self.manifest.nodes.get(f"model.{PACKAGE}.{model}")
        return node.relation_name if node else None

    def exists(self, model: str) -> bool:
        """Whether a model of ml_monitor is in the project and was built.

        Arguments: model (str). Raises: WarehouseError if its schema cannot be listed.
        """
        node = self.manifest.nodes.get(f"model.{PACKAGE}.{model}")
        return node is not None and self._is_there(node.database, node.schema, node.alias)

    def beside(self, model: str, table: str) -> tuple[str, bool]:
        """A table in the schema of a model of ml_monitor.

        Arguments: model (str), such as ``ml_incidents``; table (str), its name.
        Returns: its full name, quoted as dbt does, and whether it exists.
        Raises: WarehouseError if the schema cannot be listed.
        """
        node = self.manifest.nodes[f"model.{PACKAGE}.{model}"]
        relation = self.adapter.Relation.create(node.database, node.schema, table)
        return relation.render(), self._is_there(node.database, node.schema, table)

    def _is_there(self, database: str | None, schema: str, name: str) -> bool:
        try:
            with self.adapter.connection_named(PACKAGE):
                self.adapter.cache.clear()
                return self.adapter.get_relation(database, schema, name) is not None
        except DbtBaseException as error:
            raise WarehouseError(str(error).strip()) from error

    def macro(self, name: str, **arguments: Any) -> Any:
        """What a macro of ml_monitor returns, such as ``macro("string_literal", value="it's")``.

        Arguments: name (str); arguments: those of the macro.
        """
        with self.adapter.connection_named(PACKAGE):
            return self.adapter.execute_macro(
                name, macro_resolver=self.manifest, project=PACKAGE, kwargs=arguments
            )

    def rows(self, sql: str) -> list[Row]:
        """Rows of a query, each a dict by column name.

        Arguments: sql (str).
        Raises: WarehouseError if the query fails.
        """
        return self._run(sql, rows_of)

    def execute(self, sql: str) -> None:
        """Run a statement and commit it.

        Arguments: sql (str).
        Raises: WarehouseError if it fails; nothing is committed then.
        """
        self._run(sql, lambda cursor: None)

    def _run(self, sql: str, result: Callable[[Any], Any]) -> Any:
        """Run a statement in a transaction of its own; returns what ``result`` makes of its cursor."""
        connections = self.adapter.connections
        try:
            with self.adapter.connection_named(PACKAGE):
                connections.begin()
                found = result(connections.add_query(sql, auto_begin=False)[1])
                connections.commit()
                return found
        except DbtBaseException as error:
            raise WarehouseError(str(error).strip()) from error


def rows_of(cursor: Any) -> list[Row]:
    """All rows of a DB-API cursor, each a dict by column name."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

"""Read and write the warehouse of a dbt project through the project's own profile and adapter.

    with Warehouse(Path(".")) as warehouse:
        rows = warehouse.rows(f"select * from {warehouse.relation('ml_incidents')}")

dbt parses the project first, so names, schemas and the target are those of ``dbt build``; where the project was built
before and has not changed, that takes a few seconds. Needs the Python of dbt, and works on every adapter.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from dbt.adapters.factory import get_adapter_by_type
from dbt.cli.main import dbtRunner
from dbt_common.exceptions import DbtBaseException

PACKAGE = "ml_monitor"
Row = dict[str, Any]


class WarehouseError(Exception):
    """The project cannot be parsed, or a statement failed; the text says why."""


class Warehouse:
    """A connection by the profile of a dbt project.

    Arguments:
        project_dir (Path or str): folder of dbt_project.yml.
        profiles_dir (Path or str, optional): folder of profiles.yml; by default as dbt finds it.
        target (str, optional): target of the profile; by default the profile's.
    Raises: WarehouseError if dbt cannot parse the project.

    As a context manager it keeps one connection open. Otherwise each call opens and closes its own, so that a DuckDB file
    is not locked in between.
    """

    def __init__(
        self, project_dir: Path | str, profiles_dir: Path | str | None = None, target: str | None = None
    ) -> None:
        # Without writing: a manifest in target/ that was made for another purpose stays.
        command = ["--quiet", "--no-send-anonymous-usage-stats", "--no-write-json", "parse"]
        for option, value in (
            ("project-dir", project_dir),
            ("profiles-dir", profiles_dir),
            ("target", target),
        ):
            if value is not None:
                command += [f"--{option}", str(value)]
        done = dbtRunner().invoke(command)
        if not done.success:
            raise WarehouseError(f"dbt cannot parse {Path(project_dir).resolve()}: {done.exception}")
        self.manifest = done.result
        self.adapter = get_adapter_by_type(self.manifest.metadata.adapter_type)
        self._connection: Any = None

    def __enter__(self) -> Warehouse:
        self._connection = self.adapter.connection_named(PACKAGE)
        self._connection.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection, self._connection = self._connection, None
        connection.__exit__(kind, error, trace)
        # The adapter would keep the file of DuckDB open, and locked for dbt.
        self.adapter.cleanup_connections()

    def relation(self, model: str) -> str | None:
        """Name of a model of ml_monitor in the warehouse, quoted as dbt does; none if the project has no such model.

        Arguments: model (str), such as ``ml_incidents``.
        """
        node = self.manifest.nodes.get(f"model.{PACKAGE}.{model}")
        return node.relation_name if node else None

    def rows(self, sql: str) -> list[Row]:
        """Rows of a query, each a dict by column name.

        Arguments: sql (str).
        Raises: WarehouseError if the query fails.
        """
        return self._run(sql, self._dicts)

    def execute(self, sql: str) -> None:
        """Run a statement and commit it.

        Arguments: sql (str).
        Raises: WarehouseError if it fails; nothing is committed then.
        """
        self._run(sql, lambda cursor: None)

    @staticmethod
    def _dicts(cursor: Any) -> list[Row]:
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _run(self, sql: str, result: Callable[[Any], Any]) -> Any:
        """Run one statement in a transaction of its own; returns what ``result`` makes of its cursor."""
        if self._connection is None:
            with self:
                return self._run(sql, result)
        connections = self.adapter.connections
        try:
            connections.begin()
            found = result(connections.add_query(sql, auto_begin=False)[1])
            connections.commit()
            return found
        except DbtBaseException as error:
            raise WarehouseError(str(error).strip()) from error

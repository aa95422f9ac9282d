"""Publish a read-only copy of the public tables of a DuckDB database, so that a BI tool can read while dbt writes.

    python scripts/publish.py --to FILE [--database FILE] [--manifest FILE] [--format duckdb|parquet] [--select PATTERN ...]

DuckDB lets one process write, and shuts out all others meanwhile. The copy is a second DuckDB file (``--format duckdb``) or a
folder with one Parquet file per table (``--format parquet``). Readers always find a complete copy: it is written under another
name beside the target, flushed to disk, and then takes the place of the one before in one step. Views become tables, and all
tables are of the same moment.

By default the copy has the models that are public and have an enforced contract: the fleet views ``ml_*`` and
``<m>__inferences``, ``<m>__labels``, ``<m>__quarantine`` and ``<m>__gate``. ``--select`` names others of the public models, as
patterns: ``--select 'ml_*'``. Comments on tables and columns are copied, too (not to Parquet, which has none).

dbt publishes at the end of each run if the var ``ml_publish_to`` is set and this module is a plugin of the profile; docs/bi.md
has the lines. The exit status is 1 if nothing was published.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import duckdb

try:
    from dbt.adapters.duckdb.plugins import BasePlugin
    from dbt.adapters.events.logging import AdapterLogger
except ImportError:  # the command needs DuckDB only
    BasePlugin = object

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("duckdb", "parquet")
COPY = "published_copy"


class PublishError(Exception):
    """Nothing was published; its text says why and what to change."""


class NothingBuiltError(PublishError):
    """None of the models is built yet."""


@dataclass(frozen=True)
class Model:
    """A model of dbt that may be published, and where its relation is."""

    name: str
    database: str
    schema: str
    alias: str
    has_contract: bool

    @property
    def relation(self) -> str:
        """Its relation as SQL."""
        return ".".join(map(quoted, (self.database, self.schema, self.alias)))


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """A text as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def public_models(nodes: Sequence[dict[str, Any]]) -> list[Model]:
    """The public models among the nodes of a manifest, or of dbt's ``graph``."""
    return [
        Model(
            node["name"],
            node["database"],
            node["schema"],
            node["alias"],
            bool((node["config"].get("contract") or {}).get("enforced")),
        )
        for node in nodes
        if node["resource_type"] == "model"
        and (node.get("access") or node["config"].get("access")) == "public"
    ]


def selected(models: list[Model], patterns: Sequence[str]) -> list[Model]:
    """The models that match a pattern; without patterns those with a contract.

    Raises:
        PublishError: a pattern matches no public model.
    """
    if not patterns:
        return [model for model in models if model.has_contract]
    unmatched = [
        pattern for pattern in patterns if not any(fnmatchcase(model.name, pattern) for model in models)
    ]
    if unmatched:
        names = ", ".join(sorted(model.name for model in models))
        raise PublishError(
            f"--select: found {', '.join(unmatched)}, which matches no public model; allowed: a pattern of {names}; "
            "such as --select 'ml_*'"
        )
    return [model for model in models if any(fnmatchcase(model.name, pattern) for pattern in patterns)]


# Writing a copy


def built(connection: duckdb.DuckDBPyConnection, models: list[Model]) -> list[Model]:
    """The models whose relation exists.

    Raises:
        NothingBuiltError: none does.
        PublishError: two would have the same name in the copy.
    """
    rows = connection.execute(
        "select table_catalog, table_schema, table_name from information_schema.tables"
    ).fetchall()
    found = [model for model in models if (model.database, model.schema, model.alias) in set(rows)]
    if not found:
        raise NothingBuiltError(
            "none of the public models is built in this database: run dbt build first, or give the --manifest of the project "
            "that was built"
        )
    names = [(model.schema, model.alias) for model in found]
    twice = sorted({".".join(name) for name in names if names.count(name) > 1})
    if twice:
        raise PublishError(f"several databases have {', '.join(twice)}: choose with --select")
    return found


def comments(connection: duckdb.DuckDBPyConnection, model: Model) -> Iterator[str]:
    """The comments of a relation as statements on its copy."""
    place = [model.database, model.schema, model.alias]
    copy = ".".join(map(quoted, (COPY, model.schema, model.alias)))
    of_relation = connection.execute(
        "select comment from (select database_name, schema_name, table_name, comment from duckdb_tables() "
        "union all select database_name, schema_name, view_name, comment from duckdb_views()) "
        "where database_name = ? and schema_name = ? and table_name = ? and comment <> ''",
        place,
    ).fetchall()
    of_columns = connection.execute(
        "select column_name, comment from duckdb_columns() "
        "where database_name = ? and schema_name = ? and table_name = ? and comment <> '' order by column_index",
        place,
    ).fetchall()
    for (text,) in of_relation:
        yield f"comment on table {copy} is {literal(text)}"
    for name, text in of_columns:
        yield f"comment on column {copy}.{quoted(name)} is {literal(text)}"


def write_database(connection: duckdb.DuckDBPyConnection, models: list[Model], file: Path) -> None:
    """Write the copy as a DuckDB file. Everything is read in one transaction."""
    connection.execute(f"attach {literal(file)} as {COPY}")
    try:
        connection.execute("begin")
        for schema in sorted({model.schema for model in models}):
            connection.execute(f"create schema if not exists {COPY}.{quoted(schema)}")
        for model in models:
            copy = ".".join(map(quoted, (COPY, model.schema, model.alias)))
            connection.execute(f"create table {copy} as select * from {model.relation}")
            for statement in comments(connection, model):
                connection.execute(statement)
        connection.execute("commit")
    except duckdb.Error:
        # After some errors the transaction is over already.
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
    finally:
        # Writes the log ahead (.wal) into the file.
        connection.execute(f"detach {COPY}")


def write_folder(connection: duckdb.DuckDBPyConnection, models: list[Model], folder: Path) -> None:
    """Write the copy as Parquet files, ``<schema>.<table>.parquet`` where there are several schemas. One transaction as well."""
    several = len({model.schema for model in models}) > 1
    folder.mkdir()
    connection.execute("begin")
    try:
        for model in models:
            name = f"{model.schema}.{model.alias}" if several else model.alias
            file = folder / f"{name}.parquet"
            connection.execute(
                f"copy (select * from {model.relation}) to {literal(file)} (format parquet, compression zstd)"
            )
    finally:
        with suppress(duckdb.Error):
            connection.execute("rollback")


# Putting it in place


def flush(path: Path) -> None:
    """Have a file, or the names in a folder, written to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def only_publisher(target: Path) -> Iterator[None]:
    """Wait until no other process publishes to this target."""
    with (target.parent / f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def put_file(connection: duckdb.DuckDBPyConnection, models: list[Model], target: Path) -> None:
    """Write the copy beside the target, then rename it: who has the file before open keeps reading that."""
    new = target.parent / f".{target.name}.new"
    # What a killed process left.
    for leftover in (new, new.with_name(f"{new.name}.wal")):
        remove(leftover)
    try:
        write_database(connection, models, new)
        flush(new)
        os.replace(new, target)
    finally:
        remove(new)


def put_folder(connection: duckdb.DuckDBPyConnection, models: list[Model], target: Path) -> None:
    """Write a new folder, then turn the link ``target`` to it. The folder before stays for those who read it still."""
    copies = target.parent / f".{target.name}.copies"
    copies.mkdir(exist_ok=True)
    before = target.resolve() if target.is_symlink() else None
    # Older ones, and what a killed process left.
    for folder in copies.iterdir():
        if folder.resolve() != before:
            remove(folder)
    new = copies / str(time.time_ns())
    try:
        write_folder(connection, models, new)
        for file in new.iterdir():
            flush(file)
        flush(new)
        link = copies / "link"
        link.symlink_to(Path(copies.name) / new.name)
        os.replace(link, target)
    except BaseException:
        remove(new)
        raise


def publish(
    connection: duckdb.DuckDBPyConnection, models: list[Model], target: Path, form: str = "duckdb"
) -> list[Model]:
    """Publish a copy of what is built of these models.

    Args:
        connection: a connection that has no transaction open; the target must not be attached to it.
        models: what to copy; those that are not built are left out.
        target: the DuckDB file, or for Parquet the link to the newest folder.
        form: one of FORMATS.

    Returns:
        The models in the copy.

    Raises:
        PublishError: no model is built, or the target is no place for a copy.
        duckdb.Error: a model cannot be read, or the copy not be written. The copy before stays.
    """
    if form not in FORMATS:
        raise PublishError(f"format: found {form}; allowed: {', '.join(FORMATS)}; such as --format parquet")
    target = target.absolute()
    if form == "duckdb" and target.is_dir():
        raise PublishError(
            f"{target} is a folder: --format duckdb writes a file; such as --to published.duckdb"
        )
    if form == "parquet" and target.exists() and not target.is_symlink():
        raise PublishError(
            f"{target} exists and is not a link that --format parquet has made: remove it, or give another name"
        )
    paths = connection.execute("select path from duckdb_databases() where path is not null").fetchall()
    if any(Path(path).resolve() == target.resolve() for (path,) in paths):
        raise PublishError(f"{target} is the database that dbt writes: give the copy another name")
    models = built(connection, models)
    target.parent.mkdir(parents=True, exist_ok=True)
    with only_publisher(target):
        (put_file if form == "duckdb" else put_folder)(connection, models, target)
        flush(target.parent)
    return models


# At the end of a run


class Plugin(BasePlugin):
    """A plugin of dbt-duckdb: the hook ``publish_tables`` calls ``store`` at the end of a run, within dbt's own process."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection that dbt opens, since no second process could."""
        self.connection = conn

    def store(self, target_config: Any) -> None:
        """Publish the models of ``config``.

        Args:
            target_config: ``location`` with path and format, ``config`` with the nodes of the models and the patterns.

        Raises:
            PublishError: as ``publish``; that nothing is built yet is only logged.
        """
        config, location = target_config.config, target_config.location
        log = AdapterLogger("ml_monitor")
        started = time.monotonic()
        models = selected(public_models(config["nodes"]), config["select"])
        try:
            with self.connection.cursor() as cursor:
                done = publish(cursor, models, Path(location.path), location.format)
        except NothingBuiltError as error:
            log.info(f"ml_monitor  nothing published: {error}")
        else:
            log.info(f"ml_monitor  {published(done, location.path, started)}")


def published(models: list[Model], target: Path | str, started: float) -> str:
    """What was published, in words."""
    return f"published {len(models)} tables to {target} in {time.monotonic() - started:.1f} s"


# From the command line


def open_source(database: Path, models: list[Model]) -> duckdb.DuckDBPyConnection:
    """A connection that reads the database under the name that its views use.

    Raises:
        PublishError: the file is missing, or another process writes it.
    """
    if not database.exists():
        raise PublishError(
            f"{database} does not exist: run dbt build first, or give --database; such as --database ml_monitor.duckdb"
        )
    connection = duckdb.connect(config={"preserve_insertion_order": False})
    connection.execute("set TimeZone = 'UTC'")
    try:
        for name in {model.database for model in models}:
            connection.execute(f"attach {literal(database)} as {quoted(name)} (read_only)")
            connection.execute(f"use {quoted(name)}")
    except duckdb.IOException as error:
        raise PublishError(
            f"{database} cannot be read while another process writes it: publish after dbt has ended, or let dbt publish "
            f"(var ml_publish_to, see docs/bi.md).\n{error}"
        ) from None
    return connection


def read_manifest(file: Path) -> list[Model]:
    """The public models of the manifest that dbt wrote.

    Raises:
        PublishError: there is no manifest, or no public model in it.
    """
    if not file.exists():
        raise PublishError(
            f"{file} does not exist: dbt build writes it, to the target folder; such as --manifest target/manifest.json"
        )
    models = public_models(list(json.loads(file.read_text(encoding="utf-8"))["nodes"].values()))
    if not models:
        raise PublishError(f"{file} has no public model (config access: public)")
    return models


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--to", type=Path, required=True, help="the copy: a file, or for Parquet a link to a folder"
    )
    parser.add_argument(
        "--database",
        type=Path,
        default=Path(os.environ.get("ML_DUCKDB_PATH", ROOT / "ml_monitor.duckdb")),
        help="the DuckDB file that dbt writes (default: ML_DUCKDB_PATH, else ml_monitor.duckdb)",
    )
    parser.add_argument("--manifest", type=Path, default=Path("target/manifest.json"), help="of the build")
    parser.add_argument("--format", choices=FORMATS, default="duckdb")
    parser.add_argument(
        "--select", nargs="+", default=[], metavar="PATTERN", help="public models, such as 'ml_*'"
    )
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        models = selected(read_manifest(options.manifest), options.select)
        with open_source(options.database, models) as connection:
            done = publish(connection, models, options.to, options.format)
    except (PublishError, duckdb.Error, OSError) as error:
        print(f"publish.py: {error}", file=sys.stderr)
        return 1
    print(published(done, options.to, started))
    return 0


if __name__ == "__main__":
    sys.exit(main())

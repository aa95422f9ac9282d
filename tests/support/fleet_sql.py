"""The compiled SQL of fleet views, run on tables that a test gives, without a build."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import tiny_monitor

OWNER = "          owner: "


class FleetSql:
    """Views of a project with the monitor `tiny`, over tables that are given."""

    def __init__(
        self, folder: Path, views: list[str], declared: str = "", live: bool = False, **settings: float
    ) -> None:
        """``declared`` is YAML of the monitor, on a line of its own; ``live`` leaves ML_AS_OF out."""
        frames = {"tiny": tiny_monitor.generate(days=1, rows_per_day=1)}
        project = tiny_monitor.new_project(folder, frames, fleet=True)
        if declared:
            project.replace("models/staging/tiny/_tiny.yml", OWNER, f"          {declared}\n{OWNER}")
        env = {"ML_AS_OF": None} if live else None
        project.dbt("compile", "--select", *views, vars=settings, env=env, check=0)
        self.connection = duckdb.connect()
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute("attach ':memory:' as test; use test")
        compiled = project.folder / "target/compiled/ml_monitor/models/fleet"
        self.sql = {name: (compiled / f"{name}.sql").read_text(encoding="utf-8") for name in views}

    def give(self, **tables: pd.DataFrame) -> None:
        """Let these be the tables that the views read, and build the views in the order they were named."""
        for name, frame in tables.items():
            # A column of nothing but NULLs would have no type.
            empty = [
                column for column in frame if frame[column].dtype == object and frame[column].isna().all()
            ]
            texts = ", ".join(f"cast({column} as varchar) as {column}" for column in empty)
            self.connection.register("given", frame)
            replaced = f" replace ({texts})" if texts else ""
            self.connection.execute(f"create or replace table {name} as select *{replaced} from given")
        for view, sql in self.sql.items():
            self.connection.execute(f"create or replace view {view} as {sql}")

    def frame(self, sql: str) -> pd.DataFrame:
        return self.connection.execute(sql).df()

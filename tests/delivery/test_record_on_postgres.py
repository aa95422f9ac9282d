"""The record of what was sent, on PostgreSQL: ml_notifications is made there, kept, and read again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from conftest import Project
from fleet_tables import Fleet, incident, resolved
from postgres_server import PostgresServer
from servers import receiver

TYPES = {"VARCHAR": "text", "DOUBLE": "double precision"}


def copy_tables(fleet: Fleet, server: PostgresServer, database: str) -> None:
    """The tables that notify.py reads, as DuckDB has them."""
    project: Project = fleet.project
    with server.connect(database) as connection, connection.cursor() as cursor:
        for view in ("ml_incidents", "ml_monitors", "ml_runs"):
            types = project.query(
                "select column_name, data_type from information_schema.columns "
                f"where table_name = '{view}' order by ordinal_position"
            )
            listed = ", ".join(f"{name} {TYPES.get(kind, kind)}" for name, kind in types)
            cursor.execute(f"drop table if exists {view}; create table {view} ({listed})")
            for row in project.query(f"select * from {view}"):
                marks = ", ".join(["%s"] * len(row))
                cursor.execute(
                    f"insert into {view} values ({marks})", [None if pd.isna(one) else one for one in row]
                )


def test_each_event_is_recorded_once(postgres: PostgresServer, tmp_path: Path) -> None:
    fleet = Fleet(tmp_path / "project")
    env = postgres.new_database("delivery")
    with receiver() as hook:
        env |= {"ML_ALERTMANAGER_URL": hook.url}
        for rows in (
            [incident(1), incident(2)],
            [incident(1), incident(2)],
            [resolved(incident(1)), incident(2)],
        ):
            fleet.incidents(*rows)
            copy_tables(fleet, postgres, "delivery")
            fleet.notify(**env)
        hook.answers = [503]
        fleet.incidents()
        copy_tables(fleet, postgres, "delivery")
        assert "it answered 503" in fleet.notify(check=1, **env)
    with postgres.connect("delivery") as connection, connection.cursor() as cursor:
        cursor.execute(
            "select event, subject, channel, title from ml_notifications order by sent_at, subject"
        )
        rows = cursor.fetchall()
    assert [(row[0], row[1]) for row in rows] == [("opened", "x1"), ("opened", "x2"), ("resolved", "x1")]
    assert {row[2] for row in rows} == {"alertmanager"}
    assert rows[0][3] == "tiny: null rate of x1 fails"

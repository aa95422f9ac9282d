"""Engines that inline CTEs (Spark, BigQuery, Trino) scan again what is referred to twice: no model may scan too often."""

from __future__ import annotations

import pytest
from base_scans import base_scans
from conftest import Project, Result

LIMIT = 100
# Models above the limit and their scans, in a run that builds a table and in one that adds to it.
# The numbers may only decrease. DuckDB, which the demo is compiled for, inlines no CTE that is read twice.
KNOWN = {
    # DuckDB counts a whole log column by column, and other engines do not (numeric_counts).
    "first run": {"hourly_profile": 141},
    "later run": {"drift": 107, "inferences_log": 373, "labels_log": 373},
}
COMPILED = "target/compiled/ml_monitor/models"


def scans_of(project: Project) -> dict[str, int]:
    """The base scans of each compiled model and of incidents, of both monitors the larger number."""
    scans: dict[str, int] = {}
    for path in [
        *(project.folder / COMPILED).glob("monitors/*/*__*.sql"),
        *(
            project.folder / COMPILED / f"fleet/ml_{name}.sql"
            for name in ("incident_findings", "incidents", "objectives", "retraining", "monitor_health")
        ),
    ]:
        model = path.stem.split("__", 1)[-1]
        scans[model] = max(scans.get(model, 0), base_scans(path.read_text(encoding="utf-8")))
    return scans


@pytest.fixture(scope="module")
def compiled(
    april_build: tuple[Project, Result], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Project]:
    """The demo as it was compiled for its first run, and compiled again for a run that finds its tables."""
    later = april_build[0].copy_to(tmp_path_factory.mktemp("base_scans") / "project")
    later.remove("target/compiled")
    later.dbt("compile", "--select", "path:models/monitors", "path:models/fleet", check=0)
    return {"first run": april_build[0], "later run": later}


@pytest.mark.parametrize("run", KNOWN)
def test_no_model_scans_more_than_a_hundred_base_tables(compiled: dict[str, Project], run: str) -> None:
    scans = scans_of(compiled[run])
    assert len(scans) >= 20
    assert min(scans.values()) >= 1
    above = {model: count for model, count in sorted(scans.items()) if count > LIMIT}
    known = KNOWN[run]
    more = {model: count for model, count in above.items() if count > known.get(model, 0)}
    assert not more, f"{run}: more base scans than {LIMIT} or than the known number: {more}"
    assert above == known, f"fewer base scans: let KNOWN of the {run} be {above}"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1", 0),
        ("select * from t", 1),
        ('select * from "db"."main"."t" as a join t as b using (x)', 2),
        ("select * from t union all select * from t", 2),
        ("select (select max(x) from t) from t where x in (select x from t)", 3),
        ("select * from (values (1), (2)) as v(x)", 0),
        ("select * from generate_series(1, 3) as s(x), read_parquet('f')", 0),
        ("with a as (select * from t) select * from a", 1),
        ("with a as (select * from t) select * from a as b join a as c using (x)", 2),
        ("with a as (select * from t), b as (select * from a, a as c) select * from b, b as d", 4),
        # Not referred to, so not read.
        ("with a as (select * from t) select 1", 0),
        ("with a as materialized (select * from t) select * from A", 1),
        # A nested CTE hides one of the same name; a qualified name is a table.
        (
            "with a as (select * from t, t as u) select * from (with a as (select * from t) select * from a), a",
            3,
        ),
        ("with a as (select * from t, t as u) select * from main.a", 1),
        # A CTE may have the name of the table that it reads.
        ("with t as (select * from t) select * from t", 1),
        (
            "with a as (select * from t), b as (with c as (select * from a) select * from c, c as d) select * from b",
            2,
        ),
        ("with a as (select * from t) select * from u where exists (select 1 from a where a.x = u.x)", 2),
        (
            "with recursive a as (select 1 as x union all select x + 1 from a, t where x < 9) select * from a",
            1,
        ),
    ],
)
def test_base_scans_counts_the_whole_tree(sql: str, expected: int) -> None:
    assert base_scans(sql) == expected

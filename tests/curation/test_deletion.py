"""Deleting one entity: gone from every table, on record, not coming back; and the rollups follow the log."""

from __future__ import annotations

import pandas as pd
import pytest
import tiny_monitor
from compare import all_differences
from conftest import Project, Result

ENTITY = "user 7"
DELETED = "2025-01-04 00:00:00"
LATER = "2025-01-06 00:00:00"
DECLARATION = "      - {name: score, data_type: *double"
ENTITY_ID = "      - {name: user_id, data_type: string, config: {meta: {role: entity_id, personal: true}}}\n"


def frames() -> tiny_monitor.Frames:
    """Twenty users; of the one to delete a row is quarantined and two share a prediction id."""
    frames = tiny_monitor.generate(days=6, rows_per_day=60)
    logged = frames["inferences"]
    logged["user_id"] = [f"user {number % 20}" for number in range(len(logged))]
    rows = logged.index[logged["user_id"] == ENTITY]
    logged.loc[rows[3], "score"] = 7.5
    logged.loc[rows[5], "prediction_id"] = logged.loc[rows[4], "prediction_id"]
    return frames


def build(project: Project, as_of: str, *args: str) -> Result:
    """Build the monitor without its tests: its gates may fail, for want of rows."""
    arguments = ["--exclude-resource-type", "test", "unit_test"]
    return project.dbt("build", *args, *arguments, env={"ML_AS_OF": as_of}, check=0)


def delete(project: Project, arguments: str) -> Result:
    """Run the operation."""
    return project.dbt("run-operation", "delete_entity", "--args", arguments, env={"ML_AS_OF": DELETED})


@pytest.fixture(scope="module")
def deleted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, tiny_monitor.Frames, Result]:
    """A monitor built, one entity deleted, two days more built; with what the operation printed."""
    generated = frames()
    project = tiny_monitor.new_project(
        tmp_path_factory.mktemp("deletion") / "project", {"tiny": generated}, fleet=True
    )
    project.replace("models/staging/tiny/_tiny.yml", DECLARATION, ENTITY_ID + DECLARATION, 1)
    build(project, DELETED)
    result = delete(project, f"{{monitor: tiny, entity_id: {ENTITY}, reason: request 4711}}")
    assert result.exit_code == 0, result.output
    build(project, LATER)
    return project, generated, result


def rows_of_entity(generated: tiny_monitor.Frames) -> pd.DataFrame:
    """The entity's raw rows from before the deletion."""
    logged = generated["inferences"]
    return logged[(logged["user_id"] == ENTITY) & (logged["ingest_time"] < DELETED)]


def test_nothing_is_left_of_the_entity(deleted: tuple[Project, tiny_monitor.Frames, Result]) -> None:
    project, generated, _ = deleted
    rows = rows_of_entity(generated)
    found = []
    for table in project.relations():
        columns = project.query(f'select column_name, column_type from (describe "{table}")')
        texts = [column for column, kind in columns if kind == "VARCHAR"]
        if texts:
            counts = ", ".join(f'count(*) filter (list_contains($1, "{column}"))' for column in texts)
            ((*counted,),) = project.query(f'select {counts} from "{table}"', [list(rows["prediction_id"])])
            found += [f"{table}.{column}" for column, count in zip(texts, counted, strict=True) if count]
    # What staging reads is the owner's to delete.
    assert {one.split("__")[0] for one in found} == {"stg_tiny"}
    # What the entity did afterwards is new.
    logged = generated["inferences"].query("user_id == @ENTITY and @DELETED <= ingest_time < @LATER")
    assert project.value(f"select count(*) from tiny__inferences_log where user_id = '{ENTITY}'") == len(
        logged
    )


def test_rows_in_still_equal_rows_out(deleted: tuple[Project, tiny_monitor.Frames, Result]) -> None:
    project, generated, _ = deleted
    rows = rows_of_entity(generated)
    states = dict(project.query("select ml_row_state, count(*) from tiny__inferences_log group by 1"))
    assert states["deleted"] == len(rows) == 9
    assert sum(states.values()) == len(generated["inferences"].query("ingest_time < @LATER"))
    sql = """select sum(unreconciled_rows), sum(current_rows) from ml_volume
        where window_grain = 'hour' and segment_name = '__all__'"""
    assert project.query(sql) == [(0, states["current"])]
    counted = project.value("select sum(row_count) from tiny__hourly_profile where column_name = '__rows__'")
    assert counted == states["current"]
    # Deleted labels are no orphans; one that came after the deletion of its prediction is.
    joined = """select sum(rows_before), sum(matched_rows) from tiny__hourly_joins
        where join_name = 'labels_to_predictions'"""
    usable = """select count(*), count(*) filter (prediction_id in (select prediction_id from tiny__inferences))
        from tiny__labels_log where ml_row_state in ('current', 'duplicate')"""
    assert project.query(joined) == project.query(usable)
    assert project.value("select count(*) from tiny__labels_log where ml_row_state = 'deleted'") > 0


def test_the_deletion_is_on_record(deleted: tuple[Project, tiny_monitor.Frames, Result]) -> None:
    project, generated, result = deleted
    known = rows_of_entity(generated)
    ((rows, labels, reason),) = project.query(
        "select deleted_rows, deleted_labels, reason from ml_deletions where subject = 'entity'"
    )
    assert (rows, reason) == (len(known), "request 4711")
    assert labels > 0
    predictions = project.value("select count(*) from ml_deletions where subject = 'prediction'")
    assert predictions == known["prediction_id"].nunique()
    assert f"deleted {rows} rows and {labels} labels" in result.output


def test_a_full_refresh_ends_alike(deleted: tuple[Project, tiny_monitor.Frames, Result], tmp_path) -> None:
    project = deleted[0]
    stepwise = project.copy_to(tmp_path / "stepwise")
    build(project, LATER, "--full-refresh")
    assert all_differences(stepwise, project) == []


def test_what_cannot_be_deleted_is_said(deleted: tuple[Project, tiny_monitor.Frames, Result]) -> None:
    project = deleted[0]
    unknown = delete(project, "{monitor: tiny, entity_id: user 4711}")
    assert unknown.exit_code != 0
    assert "nothing was changed" in unknown.output
    no_monitor = delete(project, "{monitor: churn, entity_id: x}")
    assert "no monitor churn; listed: tiny" in no_monitor.output
    project.replace("models/staging/tiny/_tiny.yml", "role: entity_id", "role: context")
    no_role = delete(project, "{monitor: tiny, entity_id: x}")
    assert "declares no column with role entity_id" in no_role.output
    project.replace("models/staging/tiny/_tiny.yml", "role: context, personal", "role: entity_id, personal")

"""The demo on ten months of real flights: dbt fails exactly where the raw logs call for it.

What must be found is worked out from the raw logs alone (scripts/expected_findings.py).
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from conftest import CACHE, FULL_RANGE, Project, Result, prepare_demo
from demo import EXPECTED_FAILING_TESTS, EXPECTED_SKIPPED_MODELS
from expected_findings import expected_findings, found_findings, injected_findings
from prepare_demo import FAULTS

AS_OF = FULL_RANGE["as_of"]
FAULT_IDS = [fault.fault_id for fault in FAULTS]
Built = tuple[Project, Result]


def raw_rows(raw: Path, monitor: str) -> str:
    """SQL for every raw row of a monitor's inference log, the day of JSON Lines included."""
    parquet = f"select * from read_parquet('{raw}/{monitor}_inferences/*.parquet', union_by_name = true)"
    if monitor != "flight_delay":
        return f"({parquet})"
    json = f"select * from read_json('{raw}/flight_delay_inferences_jsonl/*.jsonl')"
    return f"({parquet} union all by name {json})"


def test_the_build_fails_and_nothing_is_broken(full_build: Built) -> None:
    _, result = full_build
    assert result.exit_code == 1
    assert result.errors == {}


def test_exactly_the_expected_gates_fail(full_build: Built) -> None:
    _, result = full_build
    assert result.failing_tests == EXPECTED_FAILING_TESTS


def test_exactly_the_consumer_is_skipped(full_build: Built) -> None:
    project, result = full_build
    assert result.skipped_models == EXPECTED_SKIPPED_MODELS == {"flight_delay_training_set"}
    assert "flight_delay_training_set" not in project.relations()


def test_the_failing_checks_are_exactly_those_the_raw_logs_call_for(full_build: Built, raw: Path) -> None:
    project, _ = full_build
    expected, found = expected_findings(raw, AS_OF), found_findings(project.database)
    assert found == expected
    assert len(injected_findings(raw)) == 4 + 4 + 3 + 2 + 4 + 3 + 2


@pytest.mark.parametrize("fault_id", FAULT_IDS)
def test_a_fault_is_found_in_its_hours_and_not_around_them(
    full_build: Built, raw: Path, fault_id: str
) -> None:
    project, _ = full_build
    faults = pd.read_csv(raw / "injected_faults.csv").set_index("fault_id")
    fault = faults.loc[fault_id]
    first, end = datetime.fromisoformat(fault["first_hour"]), datetime.fromisoformat(fault["end_hour"])
    around = timedelta(days=3 if fault["window_grain"] == "day" else 1)
    rows = project.query(
        f"""select window_start, status, category from flight_delay__checks
        where metric = '{fault["metric"]}' and subject = '{fault["subject"]}'
            and window_grain = '{fault["window_grain"]}'
            and window_start >= '{first - around}' and window_start < '{end + around}'"""
    )
    inside = [(status, category) for start, status, category in rows if first <= start < end]
    outside = [status for start, status, _ in rows if not first <= start < end]
    step = timedelta(days=1) if fault["window_grain"] == "day" else timedelta(hours=1)
    assert inside == [("fail", fault["category"])] * ((end - first) // step)
    assert len(outside) >= 6
    assert set(outside) <= {"pass", "not_evaluated"}
    assert "pass" in outside


def test_the_quarantine_holds_every_corrupt_row_with_its_reason(full_build: Built, raw: Path) -> None:
    project, _ = full_build
    with duckdb.connect() as connection:
        expected = dict(
            connection.execute(
                f"""select case
                    when prediction_id is null then 'missing_prediction_id'
                    when event_time::timestamp is null then 'missing_event_time'
                    when event_time::timestamp > '2200-01-01' then 'event_after_ingest'
                    when not score between 0 and 1 then 'invalid_score'
                end as reason, count(*)
                from {raw_rows(raw, "flight_delay")} where reason is not null group by reason"""
            ).fetchall()
        )
    found = dict(
        project.query("select ml_quarantine_reason, count(*) from flight_delay__quarantine group by all")
    )
    assert found == expected
    assert set(expected) == {
        "missing_prediction_id",
        "missing_event_time",
        "event_after_ingest",
        "invalid_score",
    }
    affected = pd.read_csv(raw / "injected_faults.csv").set_index("fault_id")["affected_rows"]
    assert sum(found.values()) == affected["corrupt_rows"]
    assert project.value("select count(*) from flight_air_time__quarantine") == 0


def test_the_quarantine_keeps_the_raw_values(full_build: Built) -> None:
    project, _ = full_build
    year, bad_scores, nans = project.query(
        """select max(year(event_time)), count(*) filter (score = 7.5), count(*) filter (isnan(score))
        from flight_delay__quarantine"""
    )[0]
    assert year == 2262
    assert bad_scores > 0
    assert nans > 0
    latest = project.value("select max(window_end) from flight_delay__volume")
    assert latest == datetime.fromisoformat(AS_OF)


@pytest.mark.parametrize("monitor", ["flight_delay", "flight_air_time"])
def test_every_raw_row_is_current_or_duplicate_or_quarantined(
    full_build: Built, raw: Path, monitor: str
) -> None:
    project, _ = full_build
    usable = "event_time::timestamp < '2200-01-01'"
    if monitor == "flight_delay":
        usable += " and score <= 1"
    with duckdb.connect() as connection:
        logged, distinct = connection.execute(
            f"""select count(*), count(distinct prediction_id) filter ({usable})
            from {raw_rows(raw, monitor)} where ingest_time::timestamp < '{AS_OF}'"""
        ).fetchone()
    by_state = dict(
        project.query(f"select ml_row_state, count(*) from {monitor}__inferences_log group by all")
    )
    assert sum(by_state.values()) == logged
    assert by_state["current"] == distinct
    assert by_state["current"] == project.value(f"select count(*) from {monitor}__inferences")
    assert by_state.get("quarantined", 0) == project.value(f"select count(*) from {monitor}__quarantine")
    totals = project.query(
        f"""select sum(logged_rows), sum(current_rows), sum(duplicate_rows), sum(quarantined_rows),
            count(*) filter (logged_rows <> current_rows + duplicate_rows + quarantined_rows),
            max(unreconciled_rows)
        from {monitor}__volume where window_grain = 'hour' and segment_name = '__all__'"""
    )[0]
    expected = (by_state["current"], by_state.get("duplicate", 0), by_state.get("quarantined", 0))
    assert totals == (logged, *expected, 0, 0)


@pytest.mark.parametrize("fault_id", FAULT_IDS)
def test_without_a_fault_exactly_its_findings_are_gone(raw: Path, tmp_path: Path, fault_id: str) -> None:
    mine = {
        finding
        for finding in injected_findings(raw)
        if any(
            fault.fault_id == fault_id
            and finding[1:3] == (fault.check.metric, fault.check.subject)
            and str(fault.period.first) <= finding[4] < str(fault.period.end)
            for fault in FAULTS
        )
    }
    assert mine
    without = prepare_demo(tmp_path / "raw", "--without", fault_id)
    expected = {f for f in expected_findings(raw, AS_OF) - mine if f[0] == "flight_delay"}
    assert {f for f in expected_findings(without, AS_OF) if f[0] == "flight_delay"} == expected

    project = Project(tmp_path / "project", raw=without, as_of=AS_OF)
    lookback = {"ml_gate_lookback_hours": FULL_RANGE["lookback_hours"]}
    result = project.dbt("build", "--select", "+flight_delay__gate", vars=lookback, check=1)
    assert result.errors == {}
    found = project.query(
        """select monitor, metric, subject, window_grain, strftime(window_start, '%Y-%m-%d %H:%M:%S')
        from flight_delay__checks where status = 'fail'"""
    )
    assert set(found) == expected
    assert len(found) == len(expected)
    shutil.rmtree(tmp_path)


def test_the_raw_logs_are_the_same_every_time(raw: Path, tmp_path: Path) -> None:
    again = prepare_demo(tmp_path / "raw", "--last-day", "2013-05-16")
    assert CACHE.is_dir()
    with duckdb.connect() as connection:
        difference = connection.execute(
            f"""select count(*) from (
                (select * from read_parquet('{again}/flight_delay_inferences/*.parquet') except all
                 select * from read_parquet('{raw}/flight_delay_inferences/*.parquet')))"""
        ).fetchone()
    assert difference == (0,)

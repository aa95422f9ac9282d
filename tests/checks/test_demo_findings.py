"""The demo on ten months of real flights: dbt fails exactly where the raw logs call for it.

What must be found is worked out from the raw logs alone (scripts/demo_data/expected_findings.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from conftest import FULL_RANGE, Project, Result, prepare_demo
from demo import EXPECTED_FAILING_TESTS, EXPECTED_SKIPPED_MODELS
from demo_data.expected_findings import Finding, expected_findings, found_findings, injected_findings
from prepare_demo import DELAY, FAULTS, Fault

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


def test_the_fleet_views_are_there_although_gates_fail(full_build: Built) -> None:
    project, result = full_build
    fleet = {path.stem for path in (project.folder / "models" / "fleet").glob("*.sql")}
    assert len(fleet) > 10
    assert {result.statuses[name] for name in fleet} == {"success"}
    gates = project.query("select monitor, count(*) from ml_gates where status = 'fail' group by all")
    assert dict(gates).keys() == {"flight_delay", "flight_air_time"}
    failing = project.query("select monitor, count(*) from ml_checks where status = 'fail' group by all")
    assert dict(gates) == dict(failing)


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
    latest = project.value("select max(window_end) from ml_volume where monitor = 'flight_delay'")
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
        from ml_volume where monitor = '{monitor}' and window_grain = 'hour' and segment_name = '__all__'"""
    )[0]
    expected = (by_state["current"], by_state.get("duplicate", 0), by_state.get("quarantined", 0))
    assert totals == (logged, *expected, 0, 0)


def findings_of(fault: Fault, findings: set[Finding]) -> set[Finding]:
    """The findings of flight_delay that are of a fault: its check, in its period."""
    check = (DELAY, fault.check.metric, fault.check.subject, fault.check.window_grain)
    return {f for f in findings if f[:4] == check and str(fault.period.first) <= f[4] < str(fault.period.end)}


@dataclass
class Without:
    """What is found in flight_delay when every other fault is left out of the raw logs."""

    left_out: list[Fault]
    raw: Path
    result: Result
    found: list[Finding]


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Without]:
    """By fault, a build without it. A build leaves out every other one: they are seven weeks apart, and a baseline has four."""
    builds = {}
    for number, left_out in enumerate((FAULTS[::2], FAULTS[1::2])):
        project = Project(tmp_path_factory.mktemp(f"without_{number}") / "project", as_of=AS_OF)
        raw = prepare_demo(project.raw, "--without", *(fault.fault_id for fault in left_out))
        result = project.dbt(
            "build", "--select", "+flight_delay__gate", "--exclude-resource-type", "unit_test"
        )
        found = project.query(
            """select monitor, metric, subject, window_grain, strftime(window_start, '%Y-%m-%d %H:%M:%S')
            from flight_delay__checks where status = 'fail'"""
        )
        builds |= {fault.fault_id: Without(left_out, raw, result, found) for fault in left_out}
    return builds


@pytest.mark.parametrize("fault", FAULTS, ids=FAULT_IDS)
def test_without_a_fault_exactly_its_findings_are_gone(
    raw: Path, without: dict[str, Without], fault: Fault
) -> None:
    everything = {f for f in expected_findings(raw, AS_OF) if f[0] == DELAY}
    mine = findings_of(fault, everything)
    step = pd.Timedelta(hours=1) if fault.check.window_grain == "hour" else pd.Timedelta(days=1)
    assert len(mine) == (fault.period.end - fault.period.first) / step

    build = without[fault.fault_id]
    assert build.result.errors == {}
    assert not mine & set(build.found)
    gone = set().union(*(findings_of(one, everything) for one in build.left_out))
    assert set(build.found) == everything - gone
    assert len(build.found) == len(set(build.found))
    assert {f for f in expected_findings(build.raw, AS_OF) if f[0] == DELAY} == everything - gone


def test_the_raw_logs_are_the_same_every_time(raw: Path, tmp_path: Path) -> None:
    again = prepare_demo(tmp_path / "raw", "--last-day", "2013-05-16")
    with duckdb.connect() as connection:
        difference = connection.execute(
            f"""select count(*) from (
                (select * from read_parquet('{again}/flight_delay_inferences/*.parquet') except all
                 select * from read_parquet('{raw}/flight_delay_inferences/*.parquet')))"""
        ).fetchone()
    assert difference == (0,)


def test_drift_says_whether_performance_fell_in_the_same_window(full_build: Built) -> None:
    project, _ = full_build
    window = ["monitor", "window_grain", "window_start"]
    checks = project.frame(
        """select monitor, window_grain, window_start, metric, status from ml_checks
        where category = 'performance' and segment_name = '__all__' and status <> 'not_evaluated'"""
    )
    judged = checks[
        checks["metric"].str.match(
            r"(accuracy|auc|within_tolerance)_change|(precision|recall|average_precision|mae)_ratio"
        )
    ]
    fell = judged.assign(fell=judged["status"] != "pass").groupby(window)["fell"].max()
    findings = project.frame("select * from ml_findings")
    totals = findings[(findings["category"] == "drift") & (findings["segment_name"] == "__all__")]
    counts = {"virtual": 0, "fell": 0, "unknown": 0}
    for row in totals.itertuples():
        key = (row.monitor, row.window_grain, row.window_start)
        if key not in fell.index:
            assert pd.isna(row.impact)
            counts["unknown"] += 1
        elif fell[key]:
            assert row.impact == "A measure of performance fell in the same window."
            counts["fell"] += 1
        else:
            assert row.impact == "Virtual drift: no measure of performance fell in this window."
            counts["virtual"] += 1
    assert min(counts.values()) > 0
    assert findings.loc[findings["category"] != "drift", "impact"].isna().all()

"""A change that was announced: the old baseline keeps what it judged, and from then on there is a new one."""

from __future__ import annotations

import compare
import pandas as pd
import pytest
import tiny_monitor
from conftest import Project

DAY = pd.Timedelta(days=1)
DAYS = 72
CHANGE = tiny_monitor.START + 40 * DAY + pd.Timedelta(hours=14)
FIRST_DAY = tiny_monitor.START + 41 * DAY
TABLES = ["baseline_windows", "drift", "window_metrics", "performance", "checks"]
HEADER = "monitor,category,subject,changed_at,owner,reason\n"


def generate() -> tiny_monitor.Frames:
    """Amounts rise and calls double on day 40, at two o'clock; amounts rise again on the last day, which nobody announced."""
    frames = tiny_monitor.generate(days=DAYS, rows_per_day=600)
    rows = frames["inferences"]
    rows.loc[rows["event_time"] >= CHANGE, "amount"] += 30
    rows.loc[rows["event_time"] >= tiny_monitor.START + (DAYS - 1) * DAY, "amount"] += 60
    more = rows[rows["event_time"] >= CHANGE].copy()
    more["prediction_id"] = "more-" + more["prediction_id"].astype(str)
    frames["inferences"] = pd.concat([rows, more], ignore_index=True)
    return {name: frames[name] for name in ("inferences", "labels")}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """Built on day 45 before the change was announced, on the last day after it was, and all at once."""
    folder = tmp_path_factory.mktemp("expected")
    project = tiny_monitor.new_project(folder / "project", {"shop": generate()})
    project.append("dbt_project.yml", "  ml_expected_changes: announced\n")
    project.write("seeds/announced.csv", HEADER + "other,*,*,2025-02-01 00:00:00,ann,Of another monitor\n")
    build = ("build", "--exclude-resource-type", "unit_test", "test")
    project.dbt(*build, env={"ML_AS_OF": str(tiny_monitor.START + 45 * DAY)}, check=0)
    before = project.copy_to(folder / "before")
    rows = f"shop,drift,amount,{CHANGE},ann,New prices\nshop,volume,*,{CHANGE},ann,Launch\n"
    project.write("seeds/announced.csv", HEADER + rows)
    late = {"ML_AS_OF": str(tiny_monitor.START + DAYS * DAY)}
    project.dbt(*build, env=late, check=0)
    whole = project.copy_to(folder / "whole")
    whole.dbt(*build, "--full-refresh", env=late, check=0)
    return {"before": before, "after": project, "whole": whole}


def findings(project: Project, condition: str) -> pd.DataFrame:
    return project.frame(
        f"""select metric, subject, window_grain, window_start, status, message from shop__checks
        where status in ('warn', 'fail') and {condition} order by window_start, metric"""
    )


def test_a_change_that_nobody_announced_is_found(runs: dict[str, Project]) -> None:
    before = findings(runs["before"], "window_start >= timestamp '2025-02-10'")
    print(before.to_string())
    assert {("psi", "amount", "fail"), ("volume_ratio", "__rows__", "warn")} <= set(
        before[["metric", "subject", "status"]].itertuples(index=False, name=None)
    )


def test_an_announced_change_is_not_found_and_the_next_one_is(runs: dict[str, Project]) -> None:
    found = findings(runs["after"], f"window_start >= timestamp '{FIRST_DAY}'")
    print(found.to_string())
    amounts = found[found["subject"] == "amount"]
    last_day = tiny_monitor.START + (DAYS - 1) * DAY
    assert set(amounts["window_start"] + DAY * 0) == {last_day}
    assert "fail" in set(amounts.loc[amounts["metric"] == "psi", "status"])
    assert not {"volume_ratio", "seasonal_volume_ratio"} & set(found["metric"])


def test_the_old_baseline_keeps_what_it_judged(runs: dict[str, Project]) -> None:
    sql = f"""select column_name, window_grain, window_start, round(psi, 9) as psi, round(mean_shift_sd, 9) from shop__drift
        where segment_name = '__all__' and window_end <= timestamp '{CHANGE.normalize()}' order by all"""
    assert runs["before"].query(sql) == runs["after"].query(sql)
    # Nothing that the change lies in is compared, and the new baseline has its own 28 days.
    states = runs["after"].query(
        f"""select min(window_start), max(baseline_state) from shop__drift
        where column_name = 'amount' and window_grain = 'day' and window_end > timestamp '{CHANGE.normalize()}'"""
    )
    assert states[0][0] == FIRST_DAY
    assert states[0][1].startswith("28 days from 2025-02-11 00:00:00 to 2025-03-10 00:00:00")
    columns = runs["after"].query(
        f"""select distinct column_name from shop__drift
        where window_grain = 'day' and window_start = timestamp '{CHANGE.normalize()}'"""
    )
    assert ("hits",) in columns
    assert ("amount",) not in columns


@pytest.mark.parametrize("table", TABLES)
def test_in_any_order_of_runs_the_tables_are_the_same(runs: dict[str, Project], table: str) -> None:
    assert compare.differences(runs["after"], runs["whole"], f"shop__{table}") == []


def test_a_change_or_a_waiver_of_nothing_is_a_fault(runs: dict[str, Project]) -> None:
    project = runs["before"]
    rows = "shop,drift,amuont,2025-02-10 00:00:00,ann,New prices\nshop,prices,*,2025-02-10 00:00:00,ann,New prices\n"
    project.write("seeds/announced.csv", HEADER + rows)
    project.append("dbt_project.yml", "  ml_waivers: accepted\n")
    project.write(
        "seeds/accepted.csv",
        "monitor,metric,subject,until,owner,reason\nshop,psl,amount,2026-03-01,bob,A trial\n",
    )
    result = project.dbt("build", "--select", "announced", "accepted", "shop__gate")
    assert "shop__gate_contract" in result.failing_tests
    messages = project.query(
        "select message from shop__gate where check_id is null and category = 'contract' order by 1"
    )
    print(messages)
    assert [message for (message,) in messages] == [
        "shop contract: the expected change of * at 2025-02-10 00:00:00 changes nothing: found category prices and subject *; "
        "allowed: category drift, volume or *, and subject * or a monitored column, such as amount",
        "shop contract: the expected change of amuont at 2025-02-10 00:00:00 changes nothing: found category drift and subject "
        "amuont; allowed: category drift, volume or *, and subject * or a monitored column, such as amount",
        "shop contract: the waiver of psl of amount names no metric: found metric psl; allowed: a metric of docs/metrics.md, "
        "such as psi, or *",
    ]

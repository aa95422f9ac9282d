"""Policies are rows of a seed: a wrong one is named and blocks the checks, a right one decides them."""

from __future__ import annotations

import re

import pytest
import tiny_monitor
from conftest import POLICIES, Project, Result
from tiny_monitor import LAST_DAY

VALID = "ml_policy_rules_are_valid"
# policy_id, the rest of the row, and the fault it has.
WRONG = {
    "bad-metric": ("*,psii,day,serving,__all__,*,,,0.05,0.2,500", "metric: found psii; allowed: "),
    "bad-monitor": (
        "tinny,psi,day,serving,__all__,*,,,0.05,0.2,500",
        "monitor: found tinny; allowed: *, tiny",
    ),
    "bad-column": (
        "tiny,null_rate,day,none,__all__,amuont,,,0.3,0.5,500",
        "subject: found amuont; allowed: *, or a column of the monitor",
    ),
    "bad-join": (
        "tiny,join_fan_out,hour,none,__all__,product,,,,1,1",
        "subject: found product; allowed: *, or a join of the monitor",
    ),
    "bad-segment": (
        "tiny,null_rate,day,none,region,*,,,0.3,0.5,500",
        "segment_name: found region; allowed: __all__, or a declared segment",
    ),
    "bad-window": (
        "*,psi,month,serving,__all__,*,,,0.05,0.2,500",
        "window_grain and baseline: found month against serving; allowed: 28_days against ",
    ),
    "bad-baseline": (
        "*,null_rate,day,serving,__all__,*,,,0.3,0.5,500",
        "window_grain and baseline: found day against serving; allowed: ",
    ),
    "upside-down": (
        "tiny,null_rate,day,none,__all__,temp,,,0.5,0.3,500",
        "limits: found limits out of order; allowed: warn_above <= fail_above",
    ),
    "upside-down-below": (
        "tiny,join_match_rate,hour,none,__all__,customer,0.5,0.6,,,20",
        "limits: found limits out of order; allowed: warn_above <= fail_above and warn_below >= fail_below",
    ),
    "bad-sample": (
        "tiny,null_rate,day,none,__all__,hits,,,0.3,0.5,-1",
        "min_sample: found -1; allowed: empty, or 0",
    ),
    "twin": (
        "*,duplicate_rate,hour,none,__all__,*,,,0.5,0.6,20",
        "contradiction: found the same monitor, metric, window_grain, baseline, segment_name and subject as "
        "quality-duplicates; allowed: one row for each",
    ),
}
RIGHT = [
    # Exempt: no limits.
    "no-psi-amount,tiny,psi,day,serving,__all__,amount,,,,,500,",
    # A named subject before *, a named monitor before both.
    "named-subject,*,null_rate,day,none,__all__,temp,,,0.11,0.12,500,",
    "named-monitor,tiny,null_rate,day,none,__all__,*,,,0.21,0.22,500,",
    "named-both,tiny,null_rate,day,none,__all__,hits,,,0.31,0.32,500,",
    # Segments and hours are judged only if asked for.
    "by-country,tiny,null_rate,day,none,country,*,,,0.3,0.5,50,",
    # A value below its limit.
    "more-amount,tiny,p50,day,none,__all__,amount,150,50,,,100,",
    # A sample that no hour has.
    "big-sample,tiny,error_rate,hour,none,__all__,*,,,0.02,0.1,1000,",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result, Result]:
    """The monitor tiny: a build with wrong rows, then one with right ones; (project, first, second)."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("policies") / "project", fleet=True)
    usual = project.read(POLICIES)
    project.append(POLICIES, "".join(f"{name},{row},\n" for name, (row, _) in WRONG.items()))
    wrong = project.dbt("build", "--store-failures", check=1)
    project.write(POLICIES, usual + "\n".join(RIGHT) + "\n")
    return project, wrong, project.dbt("build")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_named_with_what_is_allowed(built: tuple[Project, Result, Result], name: str) -> None:
    _, wrong, _ = built
    assert f"  policy_id {name}: {WRONG[name][1]}" in wrong.said


def test_wrong_rows_block_the_checks_and_nothing_else(built: tuple[Project, Result, Result]) -> None:
    _, wrong, _ = built
    assert wrong.failing_tests == {VALID}
    assert wrong.errors == {}
    assert f"ml_monitor  FAIL  {VALID}" in wrong.output
    blocked = {"tiny__checks", "tiny__history", "tiny__gate", "ml_runs"}
    fleet = {"ml_checks", "ml_check_history", "ml_findings", "ml_gates", "ml_policies"}
    fleet |= {"ml_incident_findings", "ml_incidents", "ml_monitor_health", "ml_objectives", "ml_retraining"}
    fleet |= {"ml_test_facets"}
    assert wrong.skipped_models == blocked | fleet
    assert {wrong.statuses[f"tiny__gate_{one}"] for one in ("drift", "quality", "volume")} == {"skipped"}
    assert wrong.statuses["tiny__drift"] == wrong.statuses["tiny__metrics"] == "success"


def test_no_other_row_is_named(built: tuple[Project, Result, Result]) -> None:
    project, _, _ = built
    found = project.query(f"select policy_id, fault from main_dbt_test__audit.{VALID}")
    # Of two that contradict each other both are named.
    assert {policy for policy, _ in found} == set(WRONG) | {"quality-duplicates"}
    faults = {policy: fault for policy, fault in found if policy in ("twin", "quality-duplicates")}
    assert faults == {"twin": "contradiction", "quality-duplicates": "contradiction"}


def test_right_rows_pass(built: tuple[Project, Result, Result]) -> None:
    _, _, right = built
    assert right.statuses[VALID] == "pass"
    assert right.errors == {}
    assert right.failing_tests == set()


def test_the_policies_in_force_are_a_view(built: tuple[Project, Result, Result]) -> None:
    project, _, _ = built
    known = {name for (name,) in project.query("select policy_id from ml_policies")}
    assert {row.split(",")[0] for row in RIGHT} <= known
    assert not known & set(WRONG)


def test_a_row_without_limits_exempts(built: tuple[Project, Result, Result]) -> None:
    project, _, _ = built
    subjects = project.query(
        "select distinct subject from tiny__checks where metric = 'psi' and window_grain = 'day'"
    )
    assert {subject for (subject,) in subjects} == {"temp", "hits", "country"}


def test_the_most_specific_row_wins(built: tuple[Project, Result, Result]) -> None:
    project, _, _ = built
    rows = project.query(
        """select distinct subject, policy_id, threshold from tiny__checks
        where metric = 'null_rate' and segment_name = '__all__'"""
    )
    by_subject = {subject: (policy, limit) for subject, policy, limit in rows}
    assert by_subject["hits"] == ("named-both", 0.32)
    assert by_subject["amount"] == ("named-monitor", 0.22)
    # The monitor is the stronger name.
    assert by_subject["temp"] == ("named-monitor", 0.22)
    assert len(rows) == len(by_subject)


def test_segments_are_judged_when_a_row_names_them(built: tuple[Project, Result, Result]) -> None:
    project, _, _ = built
    found = project.query(
        f"""select segment_value, count(*), min(status), max(status) from tiny__checks
        where policy_id = 'by-country' and subject = 'amount' and window_start = '{LAST_DAY}' group by all"""
    )
    assert sorted(found) == [(country, 1, "pass", "pass") for country in tiny_monitor.COUNTRIES]


def test_below_its_limit_warns_once(built: tuple[Project, Result, Result]) -> None:
    project, _, right = built
    rows = project.query(
        """select status, is_repeat, threshold, message from tiny__checks
        where policy_id = 'more-amount' order by window_start"""
    )
    assert len(rows) == tiny_monitor.DAYS
    assert {(status, limit) for status, _, limit, _ in rows} == {("warn", 150)}
    assert [repeat for _, repeat, _, _ in rows] == [False] + [True] * (len(rows) - 1)
    assert re.search(r"amount p50 (99|100|101)\.\d+ is below 150 \(day to", rows[0][3])
    # Both days that the gate sees repeat an earlier warning.
    assert right.statuses["tiny__gate_quality"] == "pass"


def test_a_sample_that_is_too_small_is_not_evaluated(built: tuple[Project, Result, Result]) -> None:
    project, _, _ = built
    found = project.query("select distinct status, reason from tiny__checks where policy_id = 'big-sample'")
    assert found == [("not_evaluated", "insufficient_sample")]

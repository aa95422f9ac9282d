"""April has no injected fault: dbt build exits 0, and the season since winter is a warning said once."""

from __future__ import annotations

from datetime import datetime

import pytest
from conftest import Project, Result

Built = tuple[Project, Result]


def test_the_build_passes(april_build: Built) -> None:
    _, result = april_build
    assert result.exit_code == 0
    assert result.errors == {}
    assert result.failing_tests == set()
    assert result.skipped_models == set()


def test_no_check_fails(april_build: Built) -> None:
    project, _ = april_build
    counts = dict(project.query("select status, count(*) from ml_checks group by status"))
    assert counts.get("fail", 0) == 0
    assert counts["pass"] > 20_000
    assert project.value("select max(window_end) from ml_checks") == datetime(2013, 5, 1)


def test_every_category_of_both_gates_was_evaluated(april_build: Built) -> None:
    project, _ = april_build
    for monitor in ("flight_delay", "flight_air_time"):
        evaluated = project.query(
            f"select distinct category from {monitor}__gate where status in ('pass', 'warn')"
        )
        assert {category for (category,) in evaluated} == {
            "contract",
            "freshness",
            "volume",
            "quality",
            "drift",
            "performance",
        }


@pytest.mark.parametrize("subject", ["temp", "pressure"])
def test_the_season_warns_once_against_training(april_build: Built, subject: str) -> None:
    project, _ = april_build
    warned = project.query(
        f"""select window_start, is_repeat, value, message from flight_delay__checks
        where metric = 'psi' and baseline = 'training' and subject = '{subject}' and status = 'warn'
        order by window_start"""
    )
    assert [(start, repeat) for start, repeat, _, _ in warned] == [
        (datetime(2013, 3, 1), False),
        (datetime(2013, 4, 1), True),
    ]
    assert all(value > 0.2 for _, _, value, _ in warned)
    assert f"{subject} PSI" in warned[0][3]
    assert "against training" in warned[0][3]


def test_the_season_warns_nowhere_else_in_too_variable_columns(april_build: Built) -> None:
    project, _ = april_build
    variable = project.query(
        """select distinct column_name from flight_delay__drift
        where baseline = 'serving' and segment_name = '__all__' and 16 * baseline_variation > 2"""
    )
    columns = {name for (name,) in variable}
    assert columns >= {"temp", "pressure"}
    judged = project.query(
        f"""select subject, status, reason, count(*) from flight_delay__checks
        where metric = 'psi' and baseline = 'serving' and subject in {tuple(columns)}
            and window_grain = 'day' and sample_size >= 500 group by all"""
    )
    assert {(status, reason) for _, status, reason, _ in judged} == {("not_evaluated", "too_variable")}


def test_the_consumer_was_built(april_build: Built) -> None:
    project, result = april_build
    assert result.statuses["flight_delay_training_set"] == "success"
    labels = project.value(
        """select count(*) from flight_delay__inferences
        inner join flight_delay__labels using (prediction_id)"""
    )
    assert project.value("select count(*) from flight_delay_training_set") == labels > 50_000

"""Monitors of 50 and 330 rows a day: judged by the last 28 and 7 days, and red for a change only."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import Project

DAY = pd.Timedelta(days=1)
DAYS = 70
CHANGE = tiny_monitor.START + 40 * DAY


def generate(rows_per_day: int) -> tiny_monitor.Frames:
    """Seventy days; from the fortieth, amount is two thirds of an sd higher and a quarter of the positives are gone."""
    frames = tiny_monitor.generate(days=DAYS, rows_per_day=rows_per_day)
    rows, labels = frames["inferences"], frames["labels"]
    random = np.random.default_rng(rows_per_day)
    rows.loc[rows["event_time"] >= CHANGE, "amount"] += 10
    late = labels["prediction_id"].isin(rows.loc[rows["event_time"] >= CHANGE, "prediction_id"])
    gone = late & (labels["label"] == 1) & (random.random(len(labels)) < 0.25)
    labels.loc[gone, "label"] = 0
    # The log begins in the evening.
    frames["inferences"] = rows[rows["event_time"] >= tiny_monitor.START + pd.Timedelta(hours=20)]
    return frames


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Both monitors, built after ten days and after seventy."""
    monitors = {"few": generate(50), "some": generate(330)}
    # The training set of one is not what is served.
    monitors["some"]["reference"]["amount"] += 40
    monitors["some"]["reference"]["hits"] += 3
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("small") / "project", monitors)
    for days in (10, DAYS):
        environment = {"ML_AS_OF": str(tiny_monitor.START + days * DAY)}
        result = project.dbt(
            "build", "--exclude-resource-type", "unit_test", "test", env=environment, check=0
        )
        if days == 10:
            project.early = result.said
            project.early_messages = [
                message
                for monitor in monitors
                for (message,) in project.query(f"select message from {monitor}__gate where status = 'warn'")
            ]
    return project


def checks(built: Project, monitor: str, metric: str, subject: str = "__rows__") -> pd.DataFrame:
    return built.frame(
        f"""select window_grain, window_start, window_end, status, reason, message from {monitor}__checks
        where metric = '{metric}' and subject = '{subject}' and segment_name = '__all__' and baseline = 'serving'
        order by window_end, window_grain"""
    )


@pytest.mark.parametrize(("monitor", "grains"), [("few", {"28_days"}), ("some", {"7_days", "28_days"})])
def test_the_shortest_windows_with_enough_rows_are_judged(
    built: Project, monitor: str, grains: set[str]
) -> None:
    found = checks(built, monitor, "psi", "hits")
    assert set(found.loc[found["status"] != "not_evaluated", "window_grain"]) == grains
    assert set(found.loc[found["window_grain"] == "day", "reason"]) <= {"insufficient_sample", "too_few_bins"}


@pytest.mark.parametrize(("monitor", "days"), [("few", 28), ("some", 7)])
def test_a_shift_is_found_within_the_window(built: Project, monitor: str, days: int) -> None:
    found = checks(built, monitor, "psi", "amount")
    found = found[found["status"].isin(["warn", "fail"])]
    first = found["window_end"].min()
    print(
        monitor, (first - CHANGE).days, found[["window_grain", "window_end", "status"]].head(40).to_string()
    )
    assert CHANGE < first <= CHANGE + days * DAY
    # Once no day of the baseline is in the window, it fails.
    assert found["status"].iloc[-1] == "fail"


def test_the_day_in_which_the_log_begins_is_not_short_of_rows(built: Project) -> None:
    found = checks(built, "some", "volume_ratio")
    days = found[found["window_grain"] == "day"]
    assert list(days["status"].iloc[:3]) == ["not_evaluated", "pass", "pass"]
    assert days["reason"].iloc[0] == "incomplete_window"


def test_a_finding_of_seven_days_is_not_found_again_in_28(built: Project) -> None:
    found = checks(built, "some", "psi", "amount")
    found = found[(found["window_grain"] == "28_days") & (found["window_end"] > CHANGE + 7 * DAY)]
    assert not found["status"].isin(["warn", "fail"]).any()
    assert "found_in_shorter_window" in set(found["reason"])


def test_the_end_of_a_run_says_what_a_small_volume_waits_for(built: Project) -> None:
    for rows, days, first in ((50, 28, "2025-01-30"), (330, 7, "2025-01-11")):
        line = f"volume: the median day has {rows} rows, so distributions are judged by {days} days, from about {first}"
        assert line in built.early


def test_before_there_is_a_baseline_the_training_set_serves(built: Project) -> None:
    said = [message for message in built.early_messages if "PSI of the farthest feature" in message]
    assert len(said) == 1
    assert "some drift" in said[0]
    assert "farthest from the training set: amount, hits" in said[0]
    # It is one comparison, of the whole baseline once that is complete, and no longer in the gate.
    for monitor in ("few", "some"):
        windows = built.frame(
            f"select distinct window_start, window_end from {monitor}__drift where window_grain = 'baseline'"
        )
        assert len(windows) == 1
        assert windows["window_end"].iloc[0] <= tiny_monitor.START + 31 * DAY
        assert built.value(f"select count(*) from {monitor}__gate where metric = 'training_psi'") == 0


def test_what_did_not_change_is_not_found(built: Project) -> None:
    for monitor in ("few", "some"):
        found = built.frame(
            f"""select monitor, metric, subject, window_grain, status, message from {monitor}__checks
            where
                status in ('warn', 'fail')
                and baseline <> 'training'
                and window_end > timestamp '{tiny_monitor.START + 28 * DAY}'"""
        )
        print(found.groupby(["monitor", "metric", "subject", "window_grain", "status"]).size().to_string())
    assert not set(found["subject"]) - {"amount", "__rows__"}


def test_rarer_positives_are_found(built: Project) -> None:
    found = checks(built, "some", "label_rate_ratio")
    found = found[found["status"] == "warn"]
    print(found["message"].head(3).tolist())
    assert found["window_end"].min() <= CHANGE + 9 * DAY

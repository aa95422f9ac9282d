"""Drift by hour, 7 and 28 days: every value worked out again from the raw rows, and gates that fail and pass by it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import Project
from oracle import Psi, category_counts, edges_of, min_detectable, numeric_counts, psi_of_counts

DAY, HOUR = pd.Timedelta(days=1), pd.Timedelta(hours=1)
ROWS_PER_DAY = 12_000
LENGTH = {"hour": HOUR, "day": DAY, "7_days": 7 * DAY, "28_days": 28 * DAY}
# Of this hour the amounts are one standard deviation higher: too few rows for the day to fail.
SHIFTED = tiny_monitor.LAST_DAY + 14 * HOUR
YAML = "models/staging/tiny/_tiny.yml"


@pytest.fixture(scope="module")
def frames() -> tiny_monitor.Frames:
    """34 days of 500 rows an hour."""
    generated = tiny_monitor.generate(rows_per_day=ROWS_PER_DAY)
    del generated["labels"]
    rows = generated["inferences"]
    rows.loc[rows["event_time"].dt.floor("h") == SHIFTED, "amount"] += 15
    return generated


@pytest.fixture(scope="module")
def built(frames: tiny_monitor.Frames, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The monitor with all windows, built; its drift gate fails."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("windows") / "project", {"tiny": frames})
    declared = "          label_horizon_hours: 24\n"
    project.replace(
        YAML,
        declared,
        f"{declared}          time_zone: America/New_York\n          drift_windows: [hour]\n"
        "          weekends_apart: true\n",
    )
    project.dbt("build", "--exclude-resource-type", "unit_test", check=1)
    return project


class Oracle:
    """The rows of one column, and PSI of any span of time against the baseline of its kind."""

    def __init__(self, frames: tiny_monitor.Frames, built: Project, column: str) -> None:
        rows, reference = frames["inferences"], frames["reference"][column]
        self.rows = rows[["event_time", column]].rename(columns={column: "value"})
        self.edges = np.unique(edges_of(reference)) if pd.api.types.is_numeric_dtype(reference) else None
        days = built.frame(
            "select window_start from tiny__baseline_windows where is_baseline and model_version = '__all__'"
        )
        self.days = set(days["window_start"])
        local = self.rows["event_time"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
        self.rows["clock_hour"] = local.dt.hour + 24 * (local.dt.day_of_week > 4)
        self.in_baseline = self.rows["event_time"].dt.floor("D").isin(self.days)

    def psi(self, grain: str, start: pd.Timestamp) -> Psi:
        """PSI of a window against the baseline without it; hours against the same hours of the clock."""
        inside = (self.rows["event_time"] >= start) & (self.rows["event_time"] < start + LENGTH[grain])
        others = self.in_baseline & ~inside
        if grain == "hour":
            others &= self.rows["clock_hour"] == self.rows.loc[inside, "clock_hour"].iloc[0]
        count = (
            (lambda values: numeric_counts(values, self.edges)) if self.edges is not None else category_counts
        )
        sides = (
            count(self.rows.loc[chosen, "value"]) for chosen in (others, inside, inside & self.in_baseline)
        )
        reference, current, own = sides
        return psi_of_counts(reference, current, own=own)

    def baseline_variation(self, grain: str, start: pd.Timestamp) -> tuple[float, int]:
        """Mean excess of the days (hours) of the baseline, never below 0, and how many they are."""
        starts = pd.DatetimeIndex(sorted(self.days))
        if grain == "hour":
            starts = pd.date_range(min(self.days), max(self.days) + DAY - HOUR, freq="h")
            local = starts.tz_localize("UTC").tz_convert("America/New_York")
            at = pd.Timestamp(start).tz_localize("UTC").tz_convert("America/New_York")
            same = (local.hour == at.hour) & ((local.day_of_week > 4) == (at.day_of_week > 4))
            starts = starts[same]
        whole = [s for s in starts if s.floor("D") in self.days]
        length = "hour" if grain == "hour" else "day"
        return max(0.0, float(np.mean([self.psi(length, s).excess for s in whole]))), len(whole)


@pytest.mark.parametrize("column", ["amount", "temp", "country"])
@pytest.mark.parametrize(
    ("grain", "starts"),
    [
        ("hour", [SHIFTED, SHIFTED - HOUR, tiny_monitor.START + 30 * HOUR]),
        ("7_days", [tiny_monitor.END - 7 * DAY, tiny_monitor.START, tiny_monitor.START + 24 * DAY]),
        ("28_days", [tiny_monitor.END - 28 * DAY]),
    ],
)
def test_each_window_against_its_baseline(
    frames: tiny_monitor.Frames, built: Project, column: str, grain: str, starts: list[pd.Timestamp]
) -> None:
    oracle = Oracle(frames, built, column)
    found = built.frame(
        f"""select * from tiny__drift where window_grain = '{grain}' and column_name = '{column}' and segment_name = '__all__'"""
    ).set_index("window_start")
    for start in starts:
        row, expected = found.loc[start], oracle.psi(grain, start)
        baseline_variation, windows = oracle.baseline_variation(grain, start)
        assert (row["baseline"], row["window_end"]) == ("serving", start + LENGTH[grain])
        assert (row["reference_rows"], row["current_rows"], row["bin_count"]) == (
            expected.reference_rows,
            expected.current_rows,
            expected.bin_count,
        )
        assert row["psi"] == pytest.approx(expected.psi, rel=1e-9)
        assert (row["baseline_variation"], row["baseline_windows"]) == (
            pytest.approx(baseline_variation, rel=1e-9, abs=1e-12),
            windows,
        )
        # The quantile of the noise comes from the seed, which has ten digits.
        least = min_detectable(expected, baseline_variation, windows, max(1, LENGTH[grain] // DAY))
        assert row["min_detectable"] == pytest.approx(least, rel=1e-6)
        assert row["is_drift_detected"] == (expected.excess > least)


def test_a_segment_is_compared_by_day_only(built: Project) -> None:
    grains = built.frame(
        "select distinct window_grain, segment_name from tiny__drift where column_name = 'amount'"
    )
    assert set(zip(grains["window_grain"], grains["segment_name"], strict=True)) == {
        ("hour", "__all__"),
        ("day", "__all__"),
        ("day", "country"),
        ("7_days", "__all__"),
        ("28_days", "__all__"),
        ("month", "__all__"),
        ("baseline", "__all__"),
    }


def test_the_hour_fails_its_check_and_the_day_does_not(built: Project) -> None:
    found = built.frame(
        """select window_grain, window_start, status from tiny__checks
        where metric = 'psi' and subject = 'amount' and window_end > timestamp '2025-02-03' and window_grain <> 'month'"""
    ).set_index(["window_grain", "window_start"])["status"]
    failing = found[found == "fail"].index.tolist()
    assert failing == [("hour", SHIFTED)]
    assert found[("day", tiny_monitor.LAST_DAY)] == "pass"
    assert found[("28_days", tiny_monitor.END - 28 * DAY)] == "pass"
    # A day has enough rows.
    assert "7_days" not in found.index.get_level_values(0)


def test_retention_and_hours_exclude_each_other(tmp_path: Path) -> None:
    project = tiny_monitor.new_project(
        tmp_path / "project", {"tiny": tiny_monitor.generate(days=1, rows_per_day=10)}
    )
    declared = "          label_horizon_hours: 24\n"
    wrong = "drift_windows: [hour, fortnight]\n          weekends_apart: often\n"
    periods = "serving: [2025-01-01, 2025-02-01], calm: [2025-02-01, 2025-01-01], short: ['2025-02-30', soon]"
    wrong += f"          golden_periods: {{{periods}}}\n"
    project.replace(YAML, declared, f"{declared}          {wrong}")
    output = project.dbt("build", check=2).output
    for text in (
        "fortnight",
        "allowed: a list of hour",
        "weekends_apart",
        "true, false",
        "golden_periods.serving",
        "none of training, serving, previous, trailing, seasonal",
        "2025-02-01 to 2025-01-01",
        "['2025-02-30', 'soon']",
    ):
        assert text in output
    project.replace(YAML, wrong, "drift_windows: [hour]\n          hourly_retention_days: 30\n")
    assert "hour, beside hourly_retention_days" in project.dbt("build", check=2).output

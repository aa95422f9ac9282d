"""Objectives: error budgets and burn rates against a plain loop, over drawn checks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fleet_sql import FleetSql

START = pd.Timestamp("2025-01-01")
DECLARED = (
    "objectives: [{name: on_time, metric: late_share, target: 0.98, lookback_days: 3}, "
    "{name: joined, metric: join_match_rate, subject: customer, target: 0.9, lookback_days: 1, min_events: 30}, "
    "{name: healthy, category: quality, target: 0.95, lookback_days: 7}, {name: silent, metric: error_rate, target: 0.9}]"
)
WINDOWS = {"1h": 1, "2h": 2, "6h": 6, "1d": 24, "3d": 72}
ALERTS = {"fast": (6, "6h", "1h"), "medium": (3, "1d", "2h"), "slow": (1, "3d", "6h")}
OBJECTIVES = {"on_time": (0.98, 3, 100), "joined": (0.9, 1, 30), "healthy": (0.95, 7, 6)}


def drawn_checks() -> pd.DataFrame:
    """Ten days of hourly checks with faults, missing hours, maintenance, and rows that must not count."""
    random = np.random.default_rng(19)
    rows = []
    for hour in range(240):
        if random.random() < 0.1:
            continue
        bad = random.choice([0.0, 0.01, 0.3, 1.0], p=[0.7, 0.2, 0.07, 0.03])
        start = START + pd.Timedelta(hours=hour)
        for metric, category, subject, value in [
            ("late_share", "freshness", "__rows__", bad),
            ("join_match_rate", "quality", "customer", 1 - bad),
            ("join_match_rate", "quality", "other", 0.0),
            ("duplicate_rate", "quality", "__rows__", bad / 2),
        ]:
            status = "fail" if bad > 0.2 and subject != "other" else "pass"
            reason = None
            if hour in range(100, 104):
                status, reason = "not_evaluated", "maintenance"
            elif hour in range(110, 113):
                status, reason = "not_evaluated", "insufficient_sample"
            rows.append(
                [
                    metric,
                    category,
                    subject,
                    "__all__",
                    start,
                    status,
                    reason,
                    value,
                    int(random.integers(0, 9)),
                ]
            )
        # Neither a segment nor a version is counted again.
        rows.append(["late_share", "freshness", "__rows__", "v1", start, "pass", None, 1.0, 999])
    names = "metric category subject model_version window_start status reason value sample_size"
    checks = pd.DataFrame(rows, columns=names.split())
    fixed = {"monitor": "tiny", "window_grain": "hour", "segment_name": "__all__"}
    return checks.assign(**fixed, window_end=checks["window_start"] + pd.Timedelta(hours=1))


def events_by_hour(checks: pd.DataFrame, name: str) -> pd.DataFrame:
    """Events and bad events of an objective by hour, by a loop."""
    found = {}
    for hour, rows in checks.groupby("window_start"):
        if name == "healthy":
            judged = rows[(rows["category"] == "quality") & (rows["status"] != "not_evaluated")]
            counts = (1, int((judged["status"] == "fail").any())) if len(judged) else None
        else:
            metric, subject = {
                "on_time": ("late_share", "__rows__"),
                "joined": ("join_match_rate", "customer"),
            }[name]
            mine = rows[(rows["metric"] == metric) & (rows["subject"] == subject)]
            mine = mine[(mine["model_version"] == "__all__") & (mine["reason"] != "maintenance")]
            share = mine["value"] if name == "on_time" else 1 - mine["value"]
            bad = np.floor(mine["sample_size"] * share + 0.5).sum()
            counts = (int(mine["sample_size"].sum()), int(bad)) if len(mine) else None
        if counts:
            found[hour] = counts
    return pd.DataFrame(found, index=["events", "bad_events"]).T


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> FleetSql:
    return FleetSql(tmp_path_factory.mktemp("objectives"), ["ml_objectives"], DECLARED)


def test_budgets_burn_rates_and_alerts_are_those_of_a_loop(views: FleetSql) -> None:
    checks = drawn_checks()
    views.give(ml_checks=checks)
    found = views.frame("select * from ml_objectives order by objective, window_start")
    alerts = set()
    for name, (target, lookback, least) in OBJECTIVES.items():
        mine = found[found["objective"] == name].set_index("window_start")
        expected = events_by_hour(checks, name)
        assert mine["events"].tolist() == expected["events"].tolist()
        assert mine["bad_events"].tolist() == expected["bad_events"].tolist()
        for hour, row in mine.iterrows():

            def last(hours: int, hour: pd.Timestamp = hour, expected: pd.DataFrame = expected) -> pd.Series:
                return expected[
                    (expected.index > hour - pd.Timedelta(hours=hours)) & (expected.index <= hour)
                ].sum()

            rates = {}
            for window, hours in WINDOWS.items():
                sums = last(hours)
                rates[window] = (
                    sums["bad_events"] / (sums["events"] * (1 - target)) if sums["events"] else np.nan
                )
                assert row[f"burn_rate_{window}"] == pytest.approx(rates[window], nan_ok=True)
            sums = last(24 * lookback)
            left = 1 - sums["bad_events"] / (sums["events"] * (1 - target)) if sums["events"] else np.nan
            assert row["budget_left"] == pytest.approx(left, nan_ok=True)
            alert = next(
                (
                    speed
                    for speed, (rate, long, short) in ALERTS.items()
                    if rates[long] >= rate and rates[short] >= rate and last(WINDOWS[long])["events"] >= least
                ),
                None,
            )
            assert (row["burn_alert"] if pd.notna(row["burn_alert"]) else None) == alert, (name, hour)
            alerts.add(alert)
        assert mine["is_latest"].tolist() == [False] * (len(mine) - 1) + [True]
    assert alerts == {"fast", "medium", "slow", None}


def test_an_objective_that_counts_nothing_says_what_to_write(views: FleetSql) -> None:
    views.give(ml_checks=drawn_checks())
    (silent,) = views.frame("select * from ml_objectives where objective = 'silent'").to_dict("records")
    assert pd.isna(silent["window_start"])
    assert silent["message"] == (
        "tiny objective silent: no hourly check of error_rate; add a policy row with window_grain hour"
    )

"""Data quality and seasons against pandas: every count, rate and percentile of generated rows, whole, in runs, and folded."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import all_differences
from histories import INFERENCES, Monitor

ZONE = "America/New_York"
# Seven weeks; summer time begins in the fourth, on 9 March.
START = pd.Timestamp("2025-02-15")
DAYS = 49
END = START + pd.Timedelta(days=DAYS)
COUNTRIES = ["de", "fr", "it", "nl"]
# A cell is about 3 % of the distance to the centre wide.
CELL = 0.04


def to_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as the service writes them: None is NULL, NaN is NaN."""
    columns = {}
    for name, kind in INFERENCES.items():
        values = frame[name].tolist()
        columns[name] = (
            values if kind == "float64" else [None if pd.isna(value) else value for value in values]
        )
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def faulty_rows(rows_per_day: int = 60) -> list[dict[str, Any]]:
    """Rows with everything that is counted; None where NULL."""
    random = np.random.default_rng(11)
    frame = tiny_monitor.generate(days=DAYS, rows_per_day=rows_per_day, seed=5)["inferences"]
    shift = START - tiny_monitor.START
    for name in ("event_time", "ingest_time"):
        frame[name] = frame[name] + shift
    frame["features_at"] = frame["event_time"] + pd.to_timedelta(
        random.integers(-60, 10, len(frame)), unit="min"
    )
    frame["features_at"] = frame["features_at"].where(random.random(len(frame)) < 0.9)
    rows = to_rows(frame)
    odd = {
        "amount": [None, float("nan"), float("inf"), -float("inf"), 1e120, 0.0, 1000.0, 1001.0, -0.5, 5.0],
        "hits": [None, 0, 7, 50, 51, -1],
        "country": [None, "", "  ", "12,5", "-3e4", "de", "DE", "__other__", "0", "x\ny"],
        "score": [None, 0.0, 1.0],
        "model_version": ["v2", None],
    }
    for column, values in odd.items():
        for row in np.flatnonzero(random.random(len(rows)) < 0.15):
            rows[row][column] = values[random.integers(len(values))]

    # The hour decides how many rows there are.
    def kept(row: dict[str, Any]) -> bool:
        local = row["event_time"].tz_localize("UTC").tz_convert(ZONE)
        return local.hour % 4 > 0 or hash_of(row["prediction_id"]) < 0.3

    return [row for row in rows if kept(row)]


def hash_of(text: str) -> float:
    """A number between 0 and 1, the same on every run."""
    return (int(text[1:]) * 2654435761 % 2**32) / 2**32


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Monitor:
    """One project for all tests."""
    return Monitor(tmp_path_factory.mktemp("quality") / "project")


@pytest.fixture(scope="module")
def built(monitor: Monitor) -> tuple[Monitor, pd.DataFrame]:
    """The faulty rows, built at once: the monitor and its good rows."""
    rows = faulty_rows()
    monitor.start()
    monitor.reveal("inferences", rows, INFERENCES, "all")
    monitor.build(END)
    return monitor, usable(rows)


def is_number(value: Any) -> bool:
    return value is not None and not math.isnan(value)


def is_finite(value: Any) -> bool:
    return is_number(value) and abs(value) <= 1e100


def usable(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows that break nothing hard, as objects."""
    good = [
        row
        for row in rows
        if (row["temp"] > 0 or row["country"] == "de" or row["temp"] is None or row["country"] is None)
        and (row["score"] is None or 0 <= row["score"] <= 1)
        and row["status"] in ("ok", "error")
    ]
    frame = pd.DataFrame({name: pd.Series([row[name] for row in good], dtype=object) for name in INFERENCES})
    frame["hour"] = pd.to_datetime(frame["event_time"]).dt.floor("h")
    frame["day"] = frame["hour"].dt.floor("D")
    return frame


def number_of(text: str) -> bool:
    """Whether a text is a number, by Python's own reading."""
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def expected(values: list[Any], column: str, edges: list[float], categories: list[str]) -> dict[str, Any]:
    """What is counted of the values of one window."""
    limits = {"amount": (0, 1000), "hits": (0, 50), "score": (0, 1)}
    low, high = limits.get(column, (-math.inf, math.inf))
    known = [value for value in values if value is not None]
    counts = {"row_count": len(values), "null_count": len(values) - len(known)}
    if column == "country":
        counts |= {
            "value_count": len(known),
            "nan_count": 0,
            "infinite_count": 0,
            "zero_count": known.count("0"),
            "nonzero_count": len(known) - known.count("0"),
            "default_count": 0,
            "empty_count": sum(value.strip() == "" for value in known),
            "invalid_count": sum(value not in COUNTRIES for value in known),
            "clipped_count": 0,
            "numeric_text_count": sum(value not in categories and number_of(value) for value in known),
            "outside_reference_count": 0,
            "unseen_count": sum(value not in categories for value in known),
            "top_value_count": max([known.count(value) for value in categories], default=0),
        }
        seen = {value if value in categories else None for value in known}
        return counts | {"occupied_cells": len(seen), "distinct_count": len(set(known)) if known else 0}
    finite = [value for value in known if is_finite(value)]
    numbers = [value for value in known if is_number(value)]
    counts |= {
        "value_count": len(finite),
        "nan_count": len(known) - len(numbers),
        "infinite_count": len(numbers) - len(finite),
        "zero_count": numbers.count(0),
        "nonzero_count": len(numbers) - numbers.count(0),
        "default_count": numbers.count(7) if column == "hits" else 0,
        "empty_count": 0,
        "invalid_count": sum(value < low or value > high for value in numbers),
        "clipped_count": sum(value in (low, high) for value in finite),
        "numeric_text_count": 0,
        "outside_reference_count": sum(value < edges[0] or value > edges[-1] for value in finite),
        "unseen_count": 0,
        "top_value_count": max([finite.count(value) for value in set(edges)], default=0),
    }
    if column == "hits":
        counts["distinct_count"] = len(set(known))
    return counts


def compare(
    monitor: Monitor, good: pd.DataFrame, column: str, grain: str, since: pd.Timestamp = START
) -> None:
    """All windows of a column against pandas, by total."""
    grid = monitor.project.frame(f"select * from tiny__grid where column_name = '{column}'")
    edges, center, scale = [], 0.0, 1.0
    if len(grid):
        edges = [value for value in grid[[f"edge_{k:02d}" for k in range(20)]].iloc[0] if np.isfinite(value)]
        center, scale = grid["center"].iloc[0], grid["scale"].iloc[0]
    sql = f"select category from tiny__grid where category is not null and column_name = '{column}'"
    categories = [row[0] for row in monitor.project.query(sql)]
    found = monitor.project.frame(
        f"""select * from tiny__data_quality where column_name = '{column}' and window_grain = '{grain}'
        and segment_name = '__all__' order by window_start"""
    ).set_index("window_start")
    values = {start: list(rows) for start, rows in good.groupby("hour" if grain == "hour" else "day")[column]}
    step = pd.Timedelta(hours=1) if grain == "hour" else pd.Timedelta(days=1)
    assert list(found.index) == list(pd.date_range(since, END - step, freq=step))
    wrong = []
    for start, row in found.iterrows():
        of_window = values.get(start, [])
        for name, count in expected(of_window, column, edges, categories).items():
            if name in ("distinct_count", "occupied_cells") and not of_window:
                count = None
            if (pd.isna(row[name]) and count is not None) or (count is not None and row[name] != count):
                wrong.append((start, name, row[name], count))
            rate = name.replace("_count", "_rate") if name.endswith("_count") else ""
            if rate in row.index and count and row[rate] != pytest.approx(count / len(of_window), rel=1e-12):
                wrong.append((start, rate, row[rate], count / len(of_window)))
        finite = sorted(value for value in of_window if column != "country" and is_finite(value))
        for name, share in {"p1": 0.01, "p50": 0.5, "p99": 0.99}.items():
            # Of few values the 1st percentile is the least.
            if not finite or (grain == "hour" and len(finite) < 100):
                assert pd.isna(row[name])
                continue
            exact = finite[max(math.ceil(share * len(finite) - 1e-9), 1) - 1]
            tolerance = CELL * (abs(exact - center) + scale)
            if not abs(row[name] - exact) <= tolerance:
                wrong.append((start, name, row[name], exact))
    assert wrong == []


@pytest.mark.parametrize("grain", ["hour", "day"])
@pytest.mark.parametrize("column", ["amount", "temp", "hits", "country"])
def test_counts_rates_and_percentiles(built: tuple[Monitor, pd.DataFrame], column: str, grain: str) -> None:
    compare(*built, column, grain)


def test_segments_by_day(built: tuple[Monitor, pd.DataFrame]) -> None:
    monitor, good = built
    found = monitor.project.frame(
        """select window_start, segment_value, column_name, row_count, null_count, nan_count, zero_count, invalid_count
        from tiny__data_quality
        where segment_name = 'country' and column_name in ('amount', 'hits', 'hits_at_most_amount', 'features_at')"""
    )
    good = good.assign(
        segment=[
            "__null__" if value is None else "=" + value if value.startswith("__") else value
            for value in good["country"]
        ]
    )
    rule = [verdict(row["hits"], row["amount"]) for _, row in good.iterrows()]
    late = [
        None if at is None else at > time
        for at, time in zip(good["features_at"], good["event_time"], strict=True)
    ]
    good = good.assign(hits_at_most_amount=rule, features_at=late)
    rows = {(one.window_start, one.segment_value, one.column_name): one for one in found.itertuples()}
    for (day, segment), group in good.groupby(["day", "segment"]):
        amounts = [value for value in group["amount"] if value is not None]
        amount = rows.pop((day, segment, "amount"))
        assert amount.row_count == len(group)
        assert amount.null_count == len(group) - len(amounts)
        assert amount.nan_count == sum(math.isnan(value) for value in amounts)
        assert amount.zero_count == amounts.count(0)
        assert amount.invalid_count == sum(value < 0 or value > 1000 for value in amounts)
        hits = rows.pop((day, segment, "hits"))
        assert hits.invalid_count == sum(
            value is not None and not 0 <= value <= 50 for value in group["hits"]
        )
        for name, broken in {"hits_at_most_amount": False, "features_at": True}.items():
            one = rows.pop((day, segment, name))
            verdicts = list(group[name])
            assert (one.row_count, one.null_count) == (len(group), sum(value is None for value in verdicts))
            assert one.invalid_count == sum(value is broken for value in verdicts)
    assert rows == {}


def verdict(hits: int | None, amount: float | None) -> bool | None:
    """hits <= amount, where NaN is above every number, as databases have it."""
    if hits is None or amount is None:
        return None
    return True if math.isnan(amount) else hits <= amount


def season_of(good: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """Expected rows of each hour: the mean of the same local hour of the weeks before, by wall clock."""
    hours = pd.DataFrame({"hour": pd.date_range(start, END, freq="h", inclusive="left")})
    hours["local"] = hours["hour"].dt.tz_localize("UTC").dt.tz_convert(ZONE).dt.tz_localize(None)
    hours["rows"] = hours["hour"].map(good.groupby("hour").size()).fillna(0)
    first = good["hour"].min()
    by_local = hours[hours["hour"] >= first].groupby("local")["rows"].mean()
    weeks = [hours["local"].sub(pd.Timedelta(weeks=week)).map(by_local) for week in range(1, 5)]
    found = pd.concat(weeks, axis=1)
    hours["expected"] = found.mean(axis=1).where(found.notna().sum(axis=1) >= 3)
    return hours


def compare_seasons(monitor: Monitor, good: pd.DataFrame, start: pd.Timestamp = START) -> None:
    """Seasons of all hours against pandas."""
    hours = season_of(good, start)
    found = monitor.project.frame(
        """select window_start, seasonal_expected_rows, current_rows from tiny__window_metrics
        where metric_group = 'volume' and window_grain = 'hour' and segment_name = '__all__' order by window_start"""
    )
    assert list(found["window_start"]) == list(hours["hour"])
    assert list(found["current_rows"]) == list(hours["rows"])
    wrong = [
        (hour, one, other)
        for hour, one, other in zip(
            hours["hour"], found["seasonal_expected_rows"], hours["expected"], strict=True
        )
        if not (pd.isna(one) and pd.isna(other)) and one != pytest.approx(other, rel=1e-9, abs=1e-9)
    ]
    assert wrong == []


def test_seasons_follow_the_wall_clock(built: tuple[Monitor, pd.DataFrame]) -> None:
    compare_seasons(*built)


def test_late_rows_change_the_seasons_after_them(monitor: Monitor, tmp_path: Path) -> None:
    """Rows four weeks back, then one row before all others: what is written in runs equals one full refresh."""
    rows = faulty_rows()
    by_time = sorted(rows, key=lambda row: row["event_time"])
    first, others = by_time[0], [row for row in by_time if row["event_time"] >= START + pd.Timedelta(days=9)]
    late = [row for row in others if hash_of(row["prediction_id"]) > 0.97]
    monitor.start()
    monitor.reveal("inferences", [row for row in others if row not in late], INFERENCES, "in_time")
    monitor.build(END - pd.Timedelta(hours=30))
    monitor.reveal("inferences", late, INFERENCES, "late")
    monitor.build(END)
    compare_seasons(monitor, usable(others), START + pd.Timedelta(days=9))
    monitor.reveal("inferences", [first], INFERENCES, "first")
    monitor.build(END)
    stepwise = monitor.snapshot(tmp_path / "stepwise")
    monitor.build(END, "--full-refresh")
    assert all_differences(stepwise, monitor.project) == []


def test_days_that_were_folded(tmp_path: Path) -> None:
    """Days whose hours are past their retention are counted alike, built in two runs."""
    monitor = Monitor(tmp_path / "project", retention_days=5)
    rows = faulty_rows(rows_per_day=30)
    late = [row for row in rows if hash_of(row["prediction_id"]) > 0.98]
    monitor.start()
    monitor.reveal("inferences", [row for row in rows if row not in late], INFERENCES, "in_time")
    monitor.build(END - pd.Timedelta(days=10))
    monitor.reveal("inferences", late, INFERENCES, "late")
    monitor.build(END)
    for column in ("amount", "hits", "country"):
        compare(monitor, usable(rows), column, "day")

"""How detection.py keeps its books: what is true of a column, incidents, delays, and the page that the recorded numbers make.

The run itself takes minutes and is not made here (``make detection``).
"""

from __future__ import annotations

import json
from pathlib import Path

import detection
import detection_page as page
import numpy as np
import pandas as pd
import pytest
from detection_streams import ALL, BASELINE_DAYS, NONE, START, Stream, Truth, changed_days, generate

ROOT = Path(__file__).resolve().parents[2]
SMALL = Stream(
    "small",
    4000,
    50,
    24,
    (
        ("independent", NONE, 2),
        ("independent", "shift 0.5 sd", 1),
        ("independent", "scale 1.5", 1),
        ("independent", "missing 20 %", 1),
        ("many zeros", "zeros by 10 %", 1),
        ("independent", "unit: miles to km", 1),
        ("category", "mix: ten points from a to e", 1),
        ("category", "one category grows to 25 %", 1),
        ("independent", "gradual shift to 1 sd", 1),
        ("independent", "recurring shift 0.5 sd", 1),
        ("weekday", NONE, 1),
        ("other entities every day", NONE, 1),
    ),
)


@pytest.fixture(scope="module")
def frame() -> detection.Frame:
    """A monitor with one column of most kinds."""
    return generate(SMALL)


def halves(frame: detection.Frame, change: str) -> tuple[pd.Series, pd.Series]:
    """The values of the column with this change, without it and with it."""
    (truth,) = [one for one in frame.truth if one.change == change]
    day = (frame.rows["event_time"] - START).dt.days
    return frame.rows.loc[~day.isin(truth.days), truth.column], frame.rows.loc[
        day.isin(truth.days), truth.column
    ]


def test_what_is_said_of_a_column_is_done_to_it(frame: detection.Frame) -> None:
    before, after = halves(frame, "shift 0.5 sd")
    assert after.mean() - before.mean() == pytest.approx(0.5, abs=0.03)
    before, after = halves(frame, "scale 1.5")
    assert after.std() / before.std() == pytest.approx(1.5, abs=0.03)
    before, after = halves(frame, "missing 20 %")
    assert (before.isna().sum(), after.isna().mean()) == (0, pytest.approx(0.2, abs=0.01))
    before, after = halves(frame, "zeros by 10 %")
    # A tenth of all rows, of which three tenths are zero anyway.
    assert ((before == 0).mean(), (after == 0).mean()) == (
        pytest.approx(0.3, abs=0.01),
        pytest.approx(0.37, abs=0.01),
    )
    before, after = halves(frame, "unit: miles to km")
    assert after.mean() / before.mean() == pytest.approx(1.609344, abs=0.01)
    before, after = halves(frame, "mix: ten points from a to e")
    assert (after == "e").mean() - (before == "e").mean() == pytest.approx(0.1, abs=0.01)
    assert (before == "a").mean() - (after == "a").mean() == pytest.approx(0.1, abs=0.01)
    before, after = halves(frame, "recurring shift 0.5 sd")
    assert after.mean() - before.mean() == pytest.approx(0.5, abs=0.03)


def test_slow_changes_grow(frame: detection.Frame) -> None:
    day = (frame.rows["event_time"] - START).dt.days
    by_change = {truth.change: truth.column for truth in frame.truth}
    means = frame.rows.groupby(day)[by_change["gradual shift to 1 sd"]].mean()
    assert means.loc[[37, 38, 47]].tolist() == pytest.approx([0, 0.05, 0.5], abs=0.06)
    shares = (frame.rows[by_change["one category grows to 25 %"]] == "f").groupby(day).mean()
    assert shares.loc[[37, 47]].tolist() == pytest.approx([0.05, 0.15], abs=0.015)


def test_nothing_is_done_to_the_others_nor_to_the_baseline(frame: detection.Frame) -> None:
    day = (frame.rows["event_time"] - START).dt.days
    for truth in frame.truth:
        assert (truth.days == ()) == (truth.change == NONE)
        assert all(one >= BASELINE_DAYS + 10 for one in truth.days)
    calm = [truth.column for truth in frame.truth if truth.change == NONE and truth.traffic == "independent"]
    means = frame.rows.groupby(day)[calm].mean()
    assert means.abs().to_numpy().max() < 5 / np.sqrt(SMALL.rows_per_day)
    entities = next(t.column for t in frame.truth if t.traffic.startswith("other"))
    assert frame.rows.groupby(day)[entities].mean().std() > 1.5 / np.sqrt(SMALL.rows_per_day)
    weekday = next(t.column for t in frame.truth if t.traffic == "weekday")
    weekend = frame.rows["event_time"].dt.day_of_week > 4
    assert frame.rows[weekday].groupby(weekend).mean().diff().iloc[-1] == pytest.approx(0.3, abs=0.02)


def test_a_monitor_is_the_same_every_time() -> None:
    small = Stream("again", 50, 30, 2, (("weather", NONE, 2), ("category", NONE, 1)))
    pd.testing.assert_frame_equal(generate(small).rows, generate(small).rows)
    rows = generate(small).rows
    assert rows["f001"].corr(rows["f002"]) < 0.9


def test_days_of_changes() -> None:
    assert changed_days(NONE, 60) == ()
    assert changed_days("shift 1 sd", 41) == (38, 39, 40)
    assert changed_days("unit, three days", 60) == (38, 39, 40)
    assert changed_days("recurring shift 0.5 sd", 50) == (38, 39, 45, 46)
    by_hour = Stream("h", 48, 42, 24, (), windows="hour")
    truth = Truth("h", "f", "independent", "shift 1 sd", 38, (38, 39, 40, 41))
    assert detection.touched_windows(by_hour, truth) == list(range(38 * 24, 40 * 24))
    assert detection.tested_windows(by_hour)[0] == 28 * 24
    by_day = Stream("d", 48, 90, 24, ())
    long = Truth("d", "f", "independent", "shift 1 sd", 38, tuple(range(38, 90)))
    assert detection.touched_windows(by_day, long) == list(range(38, 58))
    assert detection.peer_windows(by_day, [long]) == list(range(28, 48))


@pytest.mark.parametrize(
    ("alarms", "expected"),
    [
        ([[0, 1, 0, 0, 1, 0]], (0, 0)),
        ([[0, 1, 1, 0, 0, 0]], (1, 2)),
        ([[1, 0, 1, 0, 0, 0]], (1, 1)),
        ([[1, 1, 0, 0, 0, 1, 1]], (2, 3)),
        # Two columns in one span of time are one incident of the monitor.
        ([[1, 1, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0]], (1, 3)),
        # An alarm in each of two columns is none.
        ([[1, 0, 0], [0, 1, 0]], (0, 0)),
        ([[1, 1, 1, 1, 1, 1]], (1, 5)),
    ],
)
def test_an_incident_is_two_of_three_windows_of_a_column(
    alarms: list[list[int]], expected: tuple[int, int]
) -> None:
    assert detection.incidents([[bool(one) for one in column] for column in alarms]) == expected


def test_delay_and_what_is_typical() -> None:
    assert [detection.delay(one) for one in ([True], [False, False, True], [False])] == [0, 2, None]
    assert page.typical_delay([0, 3, 5]) == "3"
    assert page.typical_delay([0, None]) == "never"
    assert page.typical_delay([0, 0, None]) == "0"


def test_bare_psi() -> None:
    same = np.array([10, 20, 30])
    assert detection.bare_psi(same, 7 * same) == 0
    expected = (0.5 - 0.25) * np.log(0.5 / 0.25) + (0.5 - 0.75) * np.log(0.5 / 0.75)
    assert detection.bare_psi(np.array([25, 75]), np.array([50, 50])) == pytest.approx(expected)
    # An empty bin counts as one in ten thousand.
    empty = 0.5 * np.log(1 / 0.5) + (1e-4 - 0.5) * np.log(1e-4 / 0.5)
    assert detection.bare_psi(np.array([5, 5]), np.array([8, 0])) == pytest.approx(empty)
    assert np.isnan(detection.bare_psi(same, 0 * same))
    values = pd.Series([*range(1, 101), np.nan, 1000.0])
    bins, count = detection.bare_bins(values, np.arange(102) < 100)
    assert (count, bins[-2], bins[-1]) == (10, -1, 9)
    assert np.bincount(bins[:100]).tolist() == [10] * 10


def test_windows_are_counted_for_the_tools_that_judged_them() -> None:
    stream = Stream("s", 1, 50, 1, ())
    truths = [
        Truth("s", "calm", "independent", NONE, 0, ()),
        Truth("s", "moved", "independent", "shift 1 sd", 38, tuple(range(38, 50))),
    ]
    rows = [
        (name, day, day != 30, day in (31, 32, 40), day == 40)
        for name in ("calm", "moved")
        for day in range(50)
    ]
    ours = pd.DataFrame(rows, columns=["column", "window", "evaluated", "alarm", "detected"])
    other = ours[(ours["column"] == "moved") & (ours["window"] >= 45)]
    found = {page.OURS: ours, page.BARE: other}
    calm, moved = detection.tally(stream, truths, found)
    counts = {"columns": 1, "windows": 22, "evaluated": 21, "alarms": 3, "detected": 1}
    assert calm["tools"] == {page.OURS: counts}
    assert moved["tools"][page.OURS] == {
        "columns": 1, "windows": 12, "evaluated": 12, "alarms": 1, "detected": 1, "delays": [2],
    }  # fmt: skip
    assert moved["tools"][page.BARE]["delays"] == [None]
    assert detection.tally_incidents(stream, truths, found) == {
        "stream": "s",
        "without": [],
        "tools": {page.OURS: {"columns": 1, "days": 22, "incidents": 1, "open": 2}},
    }
    assert detection.tally_incidents(stream, truths, found, ("calm",))["tools"] == {}


def test_the_page_is_what_the_record_says() -> None:
    record = json.loads((ROOT / "docs" / "detection.json").read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "detection.md").read_text(encoding="utf-8") == page.page_text(record), (
        "run scripts/detection/detection.py --write"
    )
    assert (ROOT / "docs" / "detection.json").read_text(encoding="utf-8") == page.compact(record)
    assert {one["stream"] for one in record["groups"]} <= set(ALL)
    assert set(record["versions"]) <= {page.EVIDENTLY, page.NANNYML}
    for one in record["groups"]:
        for counts in one["tools"].values():
            assert 0 <= max(counts["alarms"], counts["evaluated"]) <= counts["windows"]

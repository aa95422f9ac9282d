"""Monitors with known truth for detection.py: raw rows of many days, and what was done to which column from when to when.

Every column is a test of its own: its values depend on a generator of its own and on no other column. Of a kind of
traffic (a ``Stream``) some columns stay as they are, others change on a known day; numbers are standard normal before
they move, so a shift is in standard deviations.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

START = pd.Timestamp("2025-01-06")
BASELINE_DAYS = 28
CATEGORIES = np.array(["a", "b", "c", "d", "e", "f"])
SHARES = np.array([0.3, 0.25, 0.2, 0.1, 0.1, 0.05])
FLIGHTS_FROM = pd.Timestamp("2013-03-01")
NONE = "nothing"


class Truth(NamedTuple):
    """What happens to a column: on which of the days after the start of the data, and what it is called."""

    stream: str
    column: str
    traffic: str
    change: str
    first: int
    days: tuple[int, ...]


@dataclass
class Frame:
    """The rows of one monitor and the truth about its columns."""

    rows: pd.DataFrame
    truth: list[Truth] = field(default_factory=list)


@dataclass(frozen=True)
class Stream:
    """One monitor: rows of a day, days in all, hours they come in, and how many columns of which traffic have which change."""

    name: str
    rows_per_day: int
    days: int
    hours: int
    plan: tuple[tuple[str, str, int], ...]
    windows: str = "day"
    # Days of a change that are judged: those that the longest window needs at small volumes.
    change_days: int = 20


def random_of(*names: object) -> np.random.Generator:
    """A generator that depends on the names only."""
    return np.random.default_rng([2025, zlib.crc32(" ".join(map(str, names)).encode())])


# Traffic: the mean of every hour of every day, in standard deviations of a row.


def remembering(random: np.random.Generator, steps: int, memory: float, sd: float) -> np.ndarray:
    """Means of which each keeps a share of the one before."""
    values = random.standard_normal(steps)
    for step in range(1, steps):
        values[step] = memory * values[step - 1] + np.sqrt(1 - memory**2) * values[step]
    return sd * values


def hourly_wave(days: int) -> np.ndarray:
    """The same wave every day."""
    return np.tile(0.5 * np.sin(2 * np.pi * np.arange(24) / 24), (days, 1))


def by_day(means: np.ndarray) -> np.ndarray:
    """The mean of a day for each of its hours."""
    return np.repeat(means[:, None], 24, axis=1)


def year(random: np.random.Generator, days: int, size: float) -> np.ndarray:
    """A piece of a yearly wave, from any season."""
    return size * np.sin(2 * np.pi * (np.arange(days) / 365 + random.random()))


TRAFFIC: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "independent": lambda random, days: np.zeros((days, 24)),
    "category": lambda random, days: np.zeros((days, 24)),
    "many zeros": lambda random, days: np.zeros((days, 24)),
    "hour of the day": lambda random, days: hourly_wave(days),
    "weekday": lambda random, days: by_day(np.where(np.arange(days) % 7 > 4, 0.3, 0.0)),
    "hours that remember": lambda random, days: (
        hourly_wave(days) + remembering(random, days * 24, 0.97, 0.3).reshape(days, 24)
    ),
    "days that remember 0.5": lambda random, days: by_day(remembering(random, days, 0.5, 0.2)),
    "days that remember 0.7": lambda random, days: by_day(remembering(random, days, 0.7, 0.2)),
    "days that remember 0.9": lambda random, days: by_day(remembering(random, days, 0.9, 0.2)),
    "weather": lambda random, days: by_day(remembering(random, days, 0.7, 0.6) + year(random, days, 1.0)),
    "mild weather": lambda random, days: by_day(
        remembering(random, days, 0.7, 0.3) + year(random, days, 0.3)
    ),
    "the same entities": lambda random, days: np.zeros((days, 24)),
    "other entities every day": lambda random, days: np.zeros((days, 24)),
}

ENTITIES, ROWS_PER_ENTITY = 2000, 5


def entity_values(random: np.random.Generator, traffic: str, day: np.ndarray) -> np.ndarray:
    """Rows of entities that have a value of their own: five rows of each entity that a day has."""
    own = random.standard_normal(ENTITIES)
    values = np.empty(len(day))
    for one in np.unique(day):
        rows = np.flatnonzero(day == one)
        count = -(-len(rows) // ROWS_PER_ENTITY)
        chosen = np.arange(count) if traffic == "the same entities" else random.permutation(ENTITIES)[:count]
        values[rows] = np.repeat(own[chosen], ROWS_PER_ENTITY)[: len(rows)]
    return np.sqrt(0.8) * values + np.sqrt(0.2) * random.standard_normal(len(day))


# Changes


def changed_days(change: str, days: int) -> tuple[int, ...]:
    """The days that a change touches: from ten days after the baseline on, some only now and then."""
    first = BASELINE_DAYS + 10
    if change == NONE:
        return ()
    if change.startswith("recurring"):
        return tuple(day for day in range(first, days) if (day - first) % 7 < 2)
    if change == "unit, three days":
        return tuple(range(first, first + 3))
    return tuple(range(first, days))


def slope(day: np.ndarray, days: tuple[int, ...]) -> np.ndarray:
    """0 before the first of these days, rising to 1 within twenty."""
    return np.clip((day - days[0] + 1) / 20, 0, 1)


def change_numbers(
    change: str, values: np.ndarray, day: np.ndarray, days: tuple[int, ...], random: np.random.Generator
) -> np.ndarray:
    """The numbers after the change."""
    touched = np.isin(day, days)
    if change.startswith("shift "):
        return values + touched * float(change.split()[1])
    if change == "recurring shift 0.5 sd":
        return values + touched * 0.5
    if change == "gradual shift to 1 sd":
        return values + slope(day, days)
    if change.startswith("scale "):
        return np.where(touched, values * float(change.split()[1]), values)
    if change.startswith("missing "):
        share = float(change.split()[1]) / 100
        return np.where(touched & (random.random(len(values)) < share), np.nan, values)
    if change.startswith("zeros "):
        share = float(change.split()[2]) / 100
        return np.where(touched & (random.random(len(values)) < share), 0.0, values)
    if change == "unit: miles to km":
        # A positive number far from 0, as a distance is.
        return np.where(touched, (values + 4) * 1.609344, values + 4)
    if change in ("unit: F to C", "unit, three days"):
        return np.where(touched, (60 + 10 * values - 32) / 1.8, 60 + 10 * values)
    raise ValueError(f"no such change of numbers: {change}")


def change_categories(
    change: str, values: np.ndarray, day: np.ndarray, days: tuple[int, ...], random: np.random.Generator
) -> np.ndarray:
    """The categories after the change."""
    touched = np.isin(day, days)
    if change == "mix: five points from a to e":
        moved = touched & (values == "a") & (random.random(len(values)) < 0.05 / 0.3)
        return np.where(moved, "e", values)
    if change == "mix: ten points from a to e":
        moved = touched & (values == "a") & (random.random(len(values)) < 0.1 / 0.3)
        return np.where(moved, "e", values)
    if change == "one category grows to 25 %":
        moved = random.random(len(values)) < slope(day, days) * 0.2 / 0.95
        return np.where(moved & (values != "f"), "f", values)
    raise ValueError(f"no such change of categories: {change}")


def column_of(
    stream: Stream, traffic: str, change: str, name: str, day: np.ndarray, hour: np.ndarray
) -> tuple:
    """Values of one column and the days of its change."""
    random = random_of(stream.name, name)
    means = TRAFFIC[traffic](random, stream.days)
    days = changed_days(change, stream.days)
    if traffic == "category":
        values = random.choice(CATEGORIES, len(day), p=SHARES)
        return (values if not days else change_categories(change, values, day, days, random)), days
    if traffic.endswith("entities") or traffic.startswith("other entities"):
        values = entity_values(random, traffic, day)
    else:
        values = means[day, hour] + random.standard_normal(len(day))
    if traffic == "many zeros":
        values = np.where(random.random(len(day)) < 0.3, 0.0, np.abs(values))
    if days or change != NONE:
        values = change_numbers(change, values, day, days, random)
    return np.round(values, 3), days


def generate(stream: Stream) -> Frame:
    """All rows of a monitor."""
    count = stream.days * stream.rows_per_day
    day = np.repeat(np.arange(stream.days), stream.rows_per_day)
    place = np.tile(np.arange(stream.rows_per_day), stream.days)
    hour = place * stream.hours // stream.rows_per_day * (24 // stream.hours)
    seconds = day * 86400 + hour * 3600 + random_of(stream.name, "times").integers(0, 3500, count)
    event_time = (START + pd.to_timedelta(seconds, unit="s")).astype("datetime64[us]")
    frame = Frame(pd.DataFrame(index=range(count)))
    columns: dict[str, np.ndarray] = {
        "prediction_id": np.char.add("p", np.arange(count).astype(str)),
        "event_time": event_time,
        "ingest_time": event_time + pd.Timedelta(seconds=30),
        "model_version": np.full(count, "v1"),
        "prediction": random_of(stream.name, "prediction").standard_normal(count).round(3),
    }
    number = 0
    for traffic, change, how_many in stream.plan:
        for _ in range(how_many):
            number += 1
            name = f"f{number:03d}"
            columns[name], days = column_of(stream, traffic, change, name, day, hour)
            first = days[0] if days else 0
            frame.truth.append(Truth(stream.name, name, traffic, change, first, days))
    frame.rows = pd.DataFrame(columns)
    return frame


CHANGES = (
    ("independent", "shift 0.1 sd", 4),
    ("independent", "shift 0.25 sd", 100),
    ("independent", "shift 0.5 sd", 4),
    ("independent", "shift 1 sd", 4),
    ("independent", "scale 1.25", 4),
    ("independent", "scale 1.5", 4),
    ("independent", "missing 20 %", 2),
    ("independent", "missing 40 %", 2),
    ("many zeros", "zeros by 10 %", 3),
    ("independent", "unit: miles to km", 2),
    ("independent", "unit: F to C", 2),
    ("category", "mix: five points from a to e", 3),
    ("category", "mix: ten points from a to e", 3),
    ("category", "one category grows to 25 %", 3),
    ("independent", "gradual shift to 1 sd", 4),
    ("independent", "recurring shift 0.5 sd", 4),
)
SOME = (
    ("independent", "shift 0.25 sd", 2),
    ("independent", "shift 0.5 sd", 20),
    ("independent", "shift 1 sd", 2),
    ("category", "mix: ten points from a to e", 2),
)
# Small volumes.
FEW = (("independent", NONE, 60), ("category", NONE, 15), *SOME)
STREAMS = [
    Stream("rows_50", 50, 86, 2, (*FEW, ("independent", "shift 0.5 sd", 180)), change_days=28),
    Stream("rows_200", 200, 86, 2, FEW, change_days=28),
    Stream("rows_330", 330, 86, 2, FEW, change_days=28),
    Stream(
        "three_columns",
        330,
        150,
        2,
        (("independent", NONE, 1), ("category", NONE, 1), ("many zeros", NONE, 1)),
    ),
    Stream(
        "two_years",
        330,
        730,
        2,
        (
            ("independent", NONE, 4),
            ("category", NONE, 2),
            ("weekday", NONE, 4),
            ("days that remember 0.5", NONE, 4),
            ("days that remember 0.7", NONE, 4),
            ("weather", NONE, 4),
            ("mild weather", NONE, 4),
        ),
    ),
    Stream(
        "rows_1000",
        1000,
        73,
        2,
        (("independent", NONE, 88), ("category", NONE, 30), ("many zeros", NONE, 10), *CHANGES),
    ),
    Stream(
        "rows_5000",
        5000,
        58,
        2,
        (
            ("independent", NONE, 16),
            ("category", NONE, 4),
            *((t, c, 12 if n > 4 else min(n, 2)) for t, c, n in CHANGES),
        ),
    ),
    Stream(
        "rows_50000",
        50_000,
        46,
        2,
        (
            ("independent", NONE, 2),
            ("independent", "shift 0.1 sd", 1),
            ("independent", "shift 0.25 sd", 1),
            ("category", "mix: five points from a to e", 1),
        ),
    ),
    Stream(
        "seasonal",
        2400,
        88,
        24,
        (
            ("hour of the day", NONE, 12),
            ("weekday", NONE, 12),
            ("hours that remember", NONE, 20),
            ("hour of the day", "shift 0.25 sd", 2),
            ("weekday", "shift 0.5 sd", 2),
            ("hours that remember", "shift 0.5 sd", 2),
            ("hours that remember", "shift 1 sd", 2),
        ),
    ),
    Stream(
        "days",
        1000,
        88,
        2,
        (
            ("days that remember 0.5", NONE, 25),
            ("days that remember 0.7", NONE, 40),
            ("days that remember 0.9", NONE, 25),
            ("days that remember 0.7", "shift 0.5 sd", 4),
            ("days that remember 0.7", "shift 1 sd", 4),
            ("days that remember 0.7", "unit: F to C", 2),
        ),
    ),
    Stream(
        "weather",
        1000,
        118,
        2,
        (
            ("weather", NONE, 30),
            ("mild weather", NONE, 30),
            ("weather", "unit, three days", 5),
            ("mild weather", "unit, three days", 5),
            ("mild weather", "shift 1 sd", 5),
        ),
    ),
    Stream(
        "entities",
        1000,
        88,
        2,
        (
            ("the same entities", NONE, 20),
            ("other entities every day", NONE, 30),
            ("the same entities", "shift 0.25 sd", 3),
            ("other entities every day", "shift 0.25 sd", 3),
        ),
    ),
    Stream(
        "hours",
        14_400,
        42,
        24,
        (
            ("independent", NONE, 4),
            ("hour of the day", NONE, 4),
            ("hours that remember", NONE, 8),
            ("hour of the day", "shift 0.5 sd", 2),
        ),
        windows="hour",
    ),
]

# The flights

FLIGHT_FEATURES = [
    *("carrier", "origin", "dest", "sched_hour", "distance", "aircraft_age", "seats"),
    *("temp", "humid", "wind_speed", "pressure", "visib"),
]
WEATHER_FEATURES = {"temp", "humid", "wind_speed", "pressure", "visib"}
FLIGHT_CHANGES = [
    ("distance", "shift 0.25 sd"),
    ("distance", "shift 0.5 sd"),
    ("distance", "shift 1 sd"),
    ("aircraft_age", "shift 0.25 sd"),
    ("aircraft_age", "shift 0.5 sd"),
    ("distance", "unit: miles to km"),
    ("temp", "unit: F to C"),
    ("seats", "missing 40 %"),
    ("seats", "zeros by 10 %"),
    ("carrier", "one category takes 10 points"),
    ("sched_hour", "one hour later"),
]


def flights(cache: Path) -> Frame:
    """The real flights of March to December; copies of some columns, each changed in July and August."""
    from demo_data.scored_flights import scored_flights

    table = scored_flights(cache)
    end = FLIGHTS_FROM + pd.Timedelta(days=FLIGHTS.days)
    table = table[table["event_time"].between(FLIGHTS_FROM, end, inclusive="left")].reset_index(drop=True)
    day = ((table["event_time"] - FLIGHTS_FROM) // pd.Timedelta(days=1)).to_numpy()
    first = (pd.Timestamp("2013-07-01") - FLIGHTS_FROM).days
    days = tuple(range(first, first + 62))
    touched = np.isin(day, days)
    rows = table[["flight_id", "event_time"]].rename(columns={"flight_id": "prediction_id"})
    rows["prediction_id"] = np.char.add("p", np.arange(len(rows)).astype(str))
    rows["ingest_time"] = rows["event_time"] + pd.Timedelta(seconds=30)
    rows["model_version"] = "v1"
    rows["prediction"] = table["air_time_prediction"]
    frame = Frame(rows)
    for name in FLIGHT_FEATURES:
        rows[name] = table[name] if table[name].dtype.kind not in "iu" else table[name].astype("float64")
        traffic = "flights, weather" if name in WEATHER_FEATURES else "flights"
        frame.truth.append(Truth("flights", name, traffic, NONE, 0, ()))
    for number, (source, change) in enumerate(FLIGHT_CHANGES):
        random, name = random_of("flights", number), f"{source}_{number}"
        values = rows[source].copy()
        share = random.random(len(rows))
        if change.startswith("shift"):
            values = values + touched * float(change.split()[1]) * values[day < BASELINE_DAYS].std()
        elif change == "unit: miles to km":
            values = values.where(~touched, values * 1.609344)
        elif change == "unit: F to C":
            values = values.where(~touched, (values - 32) / 1.8)
        elif change == "missing 40 %":
            values = values.mask(touched & (share < 0.4))
        elif change == "zeros by 10 %":
            values = values.mask(touched & (share < 0.1), 0.0)
        elif change == "one category takes 10 points":
            values = values.mask(touched & (share < 0.1), "9E")
        else:
            values = values + touched
        rows[name] = values
        traffic = "flights, weather" if source in WEATHER_FEATURES else "flights"
        frame.truth.append(Truth("flights", name, traffic, change, first, days))
    return frame


FLIGHTS = Stream("flights", 1000, 306, 24, ())
# Changed not by us but by the airlines: 61 to 100 seats had 7.1 to 7.9 % of the flights of a month until August, 10.4 % after.
CHANGED_BY_THEMSELVES = ("seats",)
ALL = {stream.name: stream for stream in [*STREAMS, FLIGHTS]}

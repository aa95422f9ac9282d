"""A small generated monitor for fast tests: 34 days of 1,000 scored rows, labels, reference and one lookup.

It is healthy as generated: every gate passes on its last day. Tests break a frame and then add the monitor.
Columns: ``amount`` is stable, ``temp`` moves from day to day as weather does (too variable for PSI), ``hits``
has many zeros, ``country`` is a category. Times are UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from conftest import Project

START = pd.Timestamp("2025-01-01")
DAYS = 34
ROWS_PER_DAY = 1000
END = START + pd.Timedelta(days=DAYS)
LAST_DAY = END - pd.Timedelta(days=1)
AS_OF = str(END)
PARTS = ["labels", "reference", "customer", "counts", "registry", "offline"]
COUNTRIES = ["de", "fr", "it", "nl"]
OWNER = "tiny-team@example.com"
Frames = dict[str, pd.DataFrame]

STAGING = """
anchors:
  - &double "{{ 'double precision' if target.type in ('postgres', 'redshift') else 'double' }}"

models:

  - name: stg_NAME__inferences
    description: One row per write of the scoring service.
    config:
      contract: {enforced: true}
      meta:
        ml_monitor:
          task: binary
          owner: OWNER
          segments: [country]
          label_horizon_hours: 24
          late_after_minutes: 60
    columns:
      - {name: prediction_id, data_type: string, config: {meta: {role: prediction_id}}}
      - {name: event_time, data_type: timestamp, config: {meta: {role: event_time}}}
      - {name: ingest_time, data_type: timestamp, config: {meta: {role: ingest_time}}}
      - {name: model_version, data_type: string, config: {meta: {role: model_version}}}
      - {name: amount, data_type: *double, config: {meta: {role: feature, min: 0, max: 1000}}}
      - {name: temp, data_type: *double, config: {meta: {role: feature}}}
      - {name: hits, data_type: int, config: {meta: {role: feature, min: 0, max: 50, default_value: 7}}}
      - {name: country, data_type: string, config: {meta: {role: feature, accepted_values: [de, fr, it, nl]}}}
      - {name: customer_id, data_type: int, config: {meta: {role: join_key}}}
      - {name: score, data_type: *double, config: {meta: {role: score, min: 0, max: 1}}}
      - {name: prediction, data_type: int, config: {meta: {role: prediction}}}
      - {name: latency_ms, data_type: *double, config: {meta: {role: latency_ms, min: 0}}}
      - {name: status, data_type: string, config: {meta: {role: status}}}

  - name: stg_NAME__labels
    description: One row per write of an outcome.
    config: {contract: {enforced: true}}
    columns:
      - {name: prediction_id, data_type: string, config: {meta: {role: prediction_id}}}
      - {name: label, data_type: int, config: {meta: {role: label}}}
      - {name: label_time, data_type: timestamp, config: {meta: {role: label_time}}}
      - {name: ingest_time, data_type: timestamp, config: {meta: {role: ingest_time}}}

  - name: stg_NAME__reference
    description: The training set.
    config: {contract: {enforced: true}}
    columns:
      - {name: model_version, data_type: string, config: {meta: {role: model_version}}}
      - {name: amount, data_type: *double}
      - {name: temp, data_type: *double}
      - {name: hits, data_type: int}
      - {name: country, data_type: string}
      - {name: score, data_type: *double}
      - {name: prediction, data_type: int}
      - {name: label, data_type: int, config: {meta: {role: label}}}

  - name: stg_NAME__customer
    description: Keys of the customers.
    config: {contract: {enforced: true}}
    columns:
      - {name: id, data_type: int, config: {meta: {role: join_key, inference_column: customer_id}}}

  - name: stg_NAME__counts
    description: Predictions per hour, as the service counted them.
    config: {contract: {enforced: true}}
    columns:
      - {name: count_hour, data_type: timestamp, config: {meta: {role: count_hour}}}
      - {name: row_count, data_type: bigint, config: {meta: {role: row_count}}}

  - name: stg_NAME__registry
    description: The entities that should be scored.
    config: {contract: {enforced: true}}
    columns:
      - {name: entity, data_type: string, config: {meta: {role: entity_id}}}
      - {name: active_from, data_type: timestamp, config: {meta: {role: active_from}}}
      - {name: active_until, data_type: timestamp, config: {meta: {role: active_until}}}

  - name: stg_NAME__offline
    description: The offline feature table.
    config: {contract: {enforced: true}}
    columns:
      - {name: entity, data_type: string, config: {meta: {role: entity_id}}}
      - {name: event_time, data_type: timestamp, config: {meta: {role: event_time}}}
      - {name: amount, data_type: *double, config: {meta: {role: feature}}}
      - {name: hits, data_type: int, config: {meta: {role: feature}}}
      - {name: country, data_type: string, config: {meta: {role: feature}}}
"""
ENTITY = "      - {name: entity, data_type: string, config: {meta: {role: entity_id}}}\n"


def features(random: np.random.Generator, count: int, temp_mean: np.ndarray | float) -> pd.DataFrame:
    """Features, score and prediction of so many rows."""
    score = random.beta(2, 5, count).round(6)
    return pd.DataFrame(
        {
            "amount": (100 + 15 * random.standard_normal(count)).round(3),
            "temp": (temp_mean + 4 * random.standard_normal(count)).round(2),
            "hits": np.where(random.random(count) < 0.4, 0, random.poisson(5, count)).astype("int32"),
            "country": random.choice(COUNTRIES, count, p=[0.4, 0.3, 0.2, 0.1]),
            "score": score,
            "prediction": (score >= 0.5).astype("int32"),
        }
    )


def generate(days: int = DAYS, rows_per_day: int = ROWS_PER_DAY, seed: int = 7) -> Frames:
    """The raw tables of a healthy monitor: inferences, labels, reference, customer."""
    random = np.random.default_rng(seed)
    count = days * rows_per_day
    day = np.repeat(np.arange(days), rows_per_day)
    within_day = np.tile(np.arange(rows_per_day), days) + random.random(count)
    # Nothing in the last 100 seconds of a day, so that each row is ingested on its day.
    seconds = day * 86400 + within_day * 86300 / rows_per_day
    event_time = START + pd.to_timedelta((seconds * 1e6).astype("int64"), unit="us")
    walk = 70 + 8 * np.sin(np.arange(days) / 3) + 3 * random.standard_normal(days)
    inferences = features(random, count, walk[day])
    inferences.insert(0, "prediction_id", [f"p{number:06d}" for number in range(count)])
    inferences.insert(1, "event_time", event_time.astype("datetime64[us]"))
    lag = pd.to_timedelta(random.integers(1_000_000, 90_000_000, count), unit="us")
    inferences.insert(2, "ingest_time", (event_time + lag).astype("datetime64[us]"))
    inferences.insert(3, "model_version", "v1")
    inferences["customer_id"] = random.integers(1, 301, count).astype("int32")
    inferences["latency_ms"] = (20 * np.exp(0.5 * random.standard_normal(count))).round(3)
    inferences["status"] = "ok"

    labelled = random.random(count) < 0.95
    labels = pd.DataFrame({"prediction_id": inferences["prediction_id"]})
    labels["label"] = (random.random(count) < inferences["score"]).astype("int32")
    delay = pd.to_timedelta(random.integers(1, 20 * 3600, count), unit="s")
    labels["label_time"] = (event_time + delay).astype("datetime64[us]")
    labels["ingest_time"] = labels["label_time"] + pd.Timedelta(minutes=5)
    reference = features(random, 5000, walk[random.integers(0, days, 5000)])
    reference.insert(0, "model_version", "v1")
    reference["label"] = (random.random(5000) < reference["score"]).astype("int32")
    return {
        "inferences": inferences,
        "labels": labels[labelled].reset_index(drop=True),
        "reference": reference,
        "customer": pd.DataFrame({"id": np.arange(1, 301, dtype="int32")}),
    }


def with_truth(frames: Frames) -> Frames:
    """The same with an entity per row and the parts counts, registry and offline, all in agreement with the log.

    Five entities retire after ten days, one is registered twice, and half of the rows have an offline partner.
    """
    inferences = frames["inferences"].copy()
    inferences["entity"] = "c" + inferences["customer_id"].astype(str)
    hours = inferences["event_time"].dt.floor("h").astype("datetime64[us]")
    counts = (
        hours.rename("count_hour").to_frame().groupby("count_hour").size().rename("row_count").reset_index()
    )
    registry = pd.DataFrame({"entity": [f"c{number}" for number in [*range(1, 306), 1]]})
    registry["active_from"] = pd.Series([START] * len(registry), dtype="datetime64[us]")
    registry["active_until"] = pd.Series([pd.NaT] * len(registry), dtype="datetime64[us]")
    registry.loc[300:304, "active_until"] = START + pd.Timedelta(days=9, hours=12)
    offline = inferences.loc[::2, ["entity", "event_time", "amount", "hits", "country"]]
    return frames | {
        "inferences": inferences,
        "counts": counts,
        "registry": registry,
        "offline": offline.reset_index(drop=True),
    }


def on(frame: pd.DataFrame, first: pd.Timestamp = LAST_DAY, end: pd.Timestamp = END) -> pd.Series:
    """Which rows have their event in a span of time (default: the last day)."""
    return (frame["event_time"] >= first) & (frame["event_time"] < end)


def share(rows: pd.Series, share: float) -> pd.Series:
    """A share of the marked rows, spread evenly."""
    return rows & (np.floor(rows.cumsum() * share) > np.floor((rows.cumsum() - 1) * share))


def write_frames(folder: Path, frames: Frames) -> None:
    """Write each table as one Parquet file, over what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, frame in frames.items():
        frame.to_parquet(folder / f"{table}.parquet", index=False, coerce_timestamps="us")


def add_monitor(project: Project, name: str, frames: Frames, more_parts: Sequence[str] = ()) -> None:
    """Write raw tables, staging and models of a monitor; its parts are the tables there are, and those without one."""
    write_frames(project.raw / name, frames)
    head, *models = STAGING.replace("NAME", name).replace("OWNER", OWNER).split("\n\n  - name: ")
    tables = [model for model in models if model.split("\n")[0].split("__")[1] in frames]
    if "entity" in frames["inferences"]:
        tables[0] = tables[0].replace("      - {name: score,", f"{ENTITY}      - {{name: score,")
    for table, frame in frames.items():
        columns = ",\n    ".join(frame.columns)
        source = f"read_parquet('{{{{ env_var('ML_RAW_PATH') }}}}/{name}/{table}.parquet')"
        sql = f"select\n    {columns}\nfrom {source}\n"
        project.write(f"models/staging/{name}/stg_{name}__{table}.sql", sql)
    project.write(f"models/staging/{name}/_{name}.yml", "\n\n  - name: ".join([head, *tables]).strip() + "\n")
    project.scaffold(name, [*parts_of(frames), *more_parts])


def parts_of(frames: Frames) -> list[str]:
    """The parts of a monitor that has these tables."""
    return [part for part in PARTS if part in frames]


def new_project(
    folder: Path,
    monitors: dict[str, Frames] | None = None,
    more_parts: Sequence[str] = (),
    fleet: bool = False,
) -> Project:
    """A project with these monitors only (default: a healthy ``tiny``), as of the end of their data.

    ``more_parts`` are parts of each that have no table; ``fleet`` keeps the fleet views.
    """
    from conftest import Project

    monitors = {"tiny": generate()} if monitors is None else monitors
    project = Project(folder, as_of=AS_OF)
    parts = {name: [*parts_of(frames), *more_parts] for name, frames in monitors.items()}
    project.keep_only(parts, fleet)
    for name, frames in monitors.items():
        add_monitor(project, name, frames, more_parts)
    return project

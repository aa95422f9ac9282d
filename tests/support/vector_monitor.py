"""A small generated monitor with two embeddings and three attributions: 33 days of 800 rows, two versions, late rows and copies.

``image`` is a clean embedding whose elements are in another order on the last day: a rotation. ``words`` points where it
always did, and has on one day every vector that cannot be used. On the last day the attributions of version ``v1`` change
their order; those of ``v2`` do not. The raw tables hold scalars that staging makes arrays of, in SQL that DuckDB and
PostgreSQL share. Times are UTC.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from conftest import Project

NAME = "vectors"
PARTS = ["reference", "embeddings", "attributions"]
START = pd.Timestamp("2025-01-01")
DAYS, ROWS_PER_DAY = 33, 800
END = START + pd.Timedelta(days=DAYS)
LAST_DAY = END - pd.Timedelta(days=1)
FAULTY_DAY = LAST_DAY - pd.Timedelta(days=1)
EMPTY_DAY = START + pd.Timedelta(days=24)
WORDS = ["w1", "w2", "w3", "w4"]
IMAGE = ["i1", "i2", "i3"]
FEATURES = ["amount", "hits", "weight"]
YAML = f"models/staging/{NAME}/_{NAME}.yml"
# What is wrong with a vector of words, by the kind that the raw table says.
KINDS = {1: "null", 2: "short", 3: "null element", 4: "nan", 5: "infinite", 6: "huge", 7: "tiny", 8: "empty"}
STATES = {1: -1, 2: -2, 3: -3, 4: -4, 5: -4, 6: -4, 8: -2}
COUNTED = f"""model_version,
    {", ".join(FEATURES)},
    case kind
        when 1 then null
        when 2 then array[w1, w2]
        when 3 then array[w1, null, w3, w4]
        when 8 then {{{{ "cast('{{}}' as double precision[])" if target.type == 'postgres' else '[]' }}}}
        else array[w1, w2, w3, w4]
    end as words,
    array[i1, i2, i3] as image,
    {", ".join(f"{name}_part" for name in FEATURES)},
    score"""
SQL = {
    "inferences": f"""select prediction_id, event_time, ingest_time, {COUNTED}
from {{{{ source('{NAME}', '{NAME}_inferences') }}}}
""",
    "reference": f"select {COUNTED}\nfrom {{{{ source('{NAME}', '{NAME}_reference') }}}}\n",
}
DECLARED = f"""anchors:
  - &double "{{{{ 'double precision' if target.type in ('postgres', 'redshift') else 'double' }}}}"
  - &doubles "{{{{ 'double precision[]' if target.type in ('postgres', 'redshift') else 'double[]' }}}}"

models:
  - name: stg_{NAME}__inferences
    config:
      contract: {{enforced: true}}
      meta:
        ml_monitor:
          task: binary
          owner: vector-team@example.com
          late_after_minutes: 60
    columns:
      - {{name: prediction_id, data_type: string, config: {{meta: {{role: prediction_id}}}}}}
      - {{name: event_time, data_type: timestamp, config: {{meta: {{role: event_time}}}}}}
      - {{name: ingest_time, data_type: timestamp, config: {{meta: {{role: ingest_time}}}}}}
      - {{name: model_version, data_type: string, config: {{meta: {{role: model_version}}}}}}
      - {{name: amount, data_type: *double, config: {{meta: {{role: feature}}}}}}
      - {{name: hits, data_type: *double, config: {{meta: {{role: feature}}}}}}
      - {{name: weight, data_type: *double, config: {{meta: {{role: feature}}}}}}
      - {{name: words, data_type: *doubles, config: {{meta: {{role: embedding, dimensions: 4}}}}}}
      - {{name: image, data_type: *doubles, config: {{meta: {{role: embedding, dimensions: 3}}}}}}
      - {{name: amount_part, data_type: *double, config: {{meta: {{role: attribution, of: amount}}}}}}
      - {{name: hits_part, data_type: *double, config: {{meta: {{role: attribution, of: hits}}}}}}
      - {{name: weight_part, data_type: *double, config: {{meta: {{role: attribution, of: weight}}}}}}
      - {{name: score, data_type: *double, config: {{meta: {{role: score, min: 0, max: 1}}}}}}

  - name: stg_{NAME}__reference
    config: {{contract: {{enforced: true}}}}
    columns:
      - {{name: model_version, data_type: string, config: {{meta: {{role: model_version}}}}}}
      - {{name: amount, data_type: *double}}
      - {{name: hits, data_type: *double}}
      - {{name: weight, data_type: *double}}
      - {{name: words, data_type: *doubles}}
      - {{name: image, data_type: *doubles}}
      - {{name: amount_part, data_type: *double}}
      - {{name: hits_part, data_type: *double}}
      - {{name: weight_part, data_type: *double}}
      - {{name: score, data_type: *double}}
"""
SOURCES = f"""sources:
  - name: {NAME}
    schema: raw
    config: {{meta: {{external_location: "read_parquet('{{{{ env_var('ML_RAW_PATH') }}}}/{{name}}.parquet')"}}}}
    tables: [{{name: {NAME}_inferences}}, {{name: {NAME}_reference}}]
"""


def generate(seed: int = 5) -> pd.DataFrame:
    """The raw inference log; a copy of some rows comes three days later."""
    random = np.random.default_rng(seed)
    count = DAYS * ROWS_PER_DAY
    day = np.repeat(np.arange(DAYS), ROWS_PER_DAY)
    seconds = np.sort(random.integers(0, 86_000, (DAYS, ROWS_PER_DAY)), axis=1).ravel() + day * 86_400
    frame = pd.DataFrame({"prediction_id": [f"p{number:05d}" for number in range(count)]})
    frame["event_time"] = START + pd.to_timedelta(seconds, unit="s")
    lag = np.where(random.random(count) < 0.01, random.integers(3_600, 200_000, count), 5)
    frame["ingest_time"] = frame["event_time"] + pd.to_timedelta(lag, unit="s")
    frame["model_version"] = np.where(random.random(count) < 0.2, "v2", "v1")
    for name in FEATURES:
        frame[name] = random.normal(10, 2, count).round(3)
    # The mean moves a little from day to day.
    for name, mean in zip(WORDS, [0.4, -0.3, 0.2, 0.05], strict=True):
        frame[name] = mean + random.normal(0, 0.02, DAYS)[day] + random.normal(0, 0.3, count)
    for name, mean in zip(IMAGE, [3.0, 0.5, -1.0], strict=True):
        frame[name] = mean + random.normal(0, 1, count)
    is_last = (frame["event_time"] >= LAST_DAY).to_numpy()
    frame.loc[is_last, IMAGE] = frame.loc[is_last, ["i3", "i1", "i2"]].to_numpy()
    frame["kind"] = 0
    is_faulty = (frame["event_time"] >= FAULTY_DAY) & ~is_last
    frame.loc[is_faulty, "kind"] = np.where(
        random.random(is_faulty.sum()) < 0.4, random.integers(1, 9, is_faulty.sum()), 0
    )
    frame.loc[random.random(count) < 0.002, "kind"] = 1
    # One day of nothing but NULL vectors.
    frame.loc[frame["event_time"].dt.normalize() == EMPTY_DAY, "kind"] = 1
    frame.loc[frame["kind"] == 4, "w2"] = np.nan
    frame.loc[frame["kind"] == 5, "w2"] = -np.inf
    frame.loc[frame["kind"] == 6, "w2"] = 1e200
    frame.loc[frame["kind"] == 7, WORDS] = 1e-300
    sizes = np.array([3.0, 1.0, 0.3])
    moved = is_last & (frame["model_version"] == "v1").to_numpy()
    for place, name in enumerate(FEATURES):
        size = np.where(moved, sizes[::-1][place], sizes[place])
        frame[f"{name}_part"] = size * random.normal(0, 1, count)
    frame.loc[random.random(count) < 0.01, "hits_part"] = None
    frame.loc[random.random(count) < 0.003, "amount_part"] = np.inf
    frame["score"] = random.beta(2, 5, count).round(6)
    again = frame[random.random(count) < 0.01].copy()
    again["ingest_time"] = again["event_time"] + pd.Timedelta(days=3)
    again[IMAGE] += 1
    times = ["event_time", "ingest_time"]
    frame = pd.concat([frame, again[again["ingest_time"] < END]], ignore_index=True)
    frame[times] = frame[times].astype("datetime64[us]")
    return frame


def new_project(
    folder: Path, frame: pd.DataFrame, parts: list[str] | None = None, fleet: bool = False
) -> Project:
    """A project with this monitor only, and the fleet views if ``fleet``; nothing is built yet."""
    parts = PARTS if parts is None else parts
    project = Project(folder, as_of=str(END))
    project.raw.mkdir()
    project.keep_only({NAME: parts}, fleet)
    project.append("dbt_project.yml", "  ml_baseline_days: 20\n")
    # NaN is a value, but of this attribution.
    for table, rows in {"inferences": frame, "reference": frame.head(5 * ROWS_PER_DAY)}.items():
        arrays = {
            name: pa.array(
                rows[name],
                from_pandas=name == "hits_part",
                type=pa.string() if name in ("prediction_id", "model_version") else None,
            )
            for name in rows
        }
        pq.write_table(pa.table(arrays), project.raw / f"{NAME}_{table}.parquet", coerce_timestamps="us")
        project.write(f"models/staging/{NAME}/stg_{NAME}__{table}.sql", SQL[table])
    project.write(YAML, DECLARED)
    project.write(f"models/staging/{NAME}/_sources.yml", SOURCES)
    project.scaffold(NAME, parts)
    return project


def current(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that count at the end: the first ingested of each prediction id, with their day; ``hits_part`` NULL is NaN."""
    rows = (
        frame[frame["ingest_time"] < END].sort_values("ingest_time").drop_duplicates("prediction_id").copy()
    )
    rows["day"] = rows["event_time"].dt.normalize()
    return rows

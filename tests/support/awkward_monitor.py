"""A small generated monitor whose names and values are as awkward as the contract allows: 8 days, 600 rows a day.

Names, also of rules, are reserved words, have blanks, quotes, capitals and letters beyond ASCII; texts have
quotes, line breaks, backslashes, Jinja, the words that ml_monitor uses itself, and nothing; numbers are infinite,
NaN, huge, tiny and -0. The days span the change to summer time of the monitor's zone. Rows come from Parquet files
on DuckDB and from tables of the same names elsewhere. Times are UTC.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from conftest import POLICIES, Project

NAME = "awkward"
# Beside relations, which has no table of its own.
PARTS = ["labels", "reference"]
START = pd.Timestamp("2025-03-26")
DAYS = 8
ROWS_PER_DAY = 600
REPEATED_ROWS = 50
AS_OF = "2025-04-03 03:00:00"
OWNER = 'o\'Neil \\ "team"'
TEXTS = [
    *("__all__", "__other__", "__null__", "=__all__", "==", 'it\'s "x"', "a\nb", "\\n", "\U0001f600", ""),
    *("  ", " x", "0", None, "Ω", "ß|SS", ",", "NULL", "%s {{ x }}"),
]
DEFAULT = 'it\'s "x"'
ACCEPTED = [DEFAULT, "a\nb", "\\n", "__all__", "\U0001f600", ""]
VERSIONS = ["v'1", None, "__all__"]
CLASSES = ["yes", "no's", "__unlabelled__"]
FEATURES = [
    ("select", "*double", "role: feature, min: -2, max: 5, default_value: 0"),
    ("a b", "bigint", "role: feature, min: -4, default_value: 3"),
    (
        "Größe",
        "string",
        f"role: feature, accepted_values: {json.dumps(ACCEPTED, ensure_ascii=False)}, default_value: {json.dumps(DEFAULT)}",
    ),
    (
        "CamelCase",
        "boolean",
        "role: feature, accepted_values: [true], default_value: false, exact_distinct: true",
    ),
    ("user", "bigint", "role: feature"),
    ("score", "*double", "role: score, min: 0, max: 1"),
]
INFERENCES = [
    ("Id", "string", "role: prediction_id"),
    ("at", "timestamp", "role: event_time"),
    ("Stored At", "timestamp", "role: ingest_time"),
    ("Model", "string", "role: model_version"),
    *FEATURES,
    ("class", "string", 'role: prediction, pattern: "^(yes|no\'s)$"'),
    ("it's: paid", "bigint", "role: context, min: 0, max_null_rate: 0, hard: true"),
    ("Stand der Größen", "timestamp", "role: feature_time"),
]
LABELS = [
    ("Id", "string", "role: prediction_id"),
    ("Label", "string", "role: label"),
    ("when", "timestamp", "role: label_time"),
]
# A column of the training set may be named as a rule is.
REFERENCE = [
    (name, data_type, "role: context") for name, data_type, _ in [*FEATURES, ("order", "bigint", "")]
]
# Any row of these kinds is a finding, so that there is a query of them.
RATES = [
    *("null", "nan", "infinite", "empty", "zero", "default", "invalid", "clipped", "numeric_text"),
    *(
        "outside_reference",
        "unseen",
        "rule_violation",
        "late_feature",
        "duplicate",
        "exact_duplicate",
        "quarantine",
    ),
]
SHARES = ["spike", "zero", "null", "default"]
POLICY = "any-{metric}-{segment},awkward,{metric},day,{baseline},{segment},*,,,{limit},,1,Any row\n"
META = f"""
      meta:
        ml_monitor:
          task: multiclass
          owner: '{OWNER.replace("'", "''")}'
          segments: [Größe, CamelCase]
          time_zone: Europe/Berlin
          rules:
            - {{name: order, condition: '"select" > 0 or "Größe" = ''it''''s "x"'''}}
            - {{name: hour, condition: '"a b" > -5', hard: true}}
          label_horizon_hours: 1
          drift_windows: [hour]
          late_after_minutes: 90"""
HEAD = """anchors:
  - &double "{{ 'double precision' if target.type in ('postgres', 'redshift') else 'double' }}"

models:
"""
SOURCES = """sources:
  - name: awkward
    schema: raw
    config: {meta: {external_location: "read_parquet('{{ env_var('ML_RAW_PATH') }}/{name}.parquet')"}}
    tables: [{name: awkward_inferences}, {name: awkward_labels}, {name: awkward_reference}]
"""
TYPES = {
    "*double": pa.float64(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "string": pa.string(),
    "timestamp": pa.timestamp("us"),
}


def features(random: np.random.Generator, count: int) -> pd.DataFrame:
    """So many rows of features and a score."""
    uniform = random.random(count)
    number = uniform * 10 - 3
    odd = [np.nan, 0.0, -0.0, np.inf, -np.inf, 1e200, -1e99, 5e-324]
    for place, value in enumerate(odd):
        number[place :: 97 + place] = value
    return pd.DataFrame(
        {
            "select": number,
            "a b": pd.array(
                np.where(random.random(count) < 0.2, None, random.integers(-5, 6, count)), dtype="Int64"
            ),
            "Größe": [TEXTS[k] for k in random.integers(0, len(TEXTS), count)],
            "CamelCase": random.random(count) < 0.3,
            "order": np.arange(count),
            "user": random.integers(0, 2**53, count),
            "score": uniform.round(3),
        }
    )


def generate(seed: int = 1) -> dict[str, pd.DataFrame]:
    """The raw tables: inferences, labels and reference."""
    random = np.random.default_rng(seed)
    count = DAYS * ROWS_PER_DAY
    inferences = features(random, count)
    microseconds = np.sort(random.integers(0, DAYS * 86_400_000_000, count))
    # Mostly zeros, and on the last day many twos beside them.
    number = np.arange(count)
    inferences.loc[number % 2 == 0, "a b"] = 0
    inferences.loc[(number % 4 == 1) & (number >= count - ROWS_PER_DAY), "a b"] = 2
    inferences["Id"] = [f"p'{number}" for number in range(count)]
    inferences["at"] = START + pd.to_timedelta(microseconds, unit="us")
    inferences["Stored At"] = inferences["at"] + pd.to_timedelta(
        random.integers(1, 9_000_000_000, count), unit="us"
    )
    inferences["Model"] = [VERSIONS[k] for k in random.integers(0, len(VERSIONS), count)]
    inferences["it's: paid"] = pd.array(
        np.where(number % 211 == 0, None, 1 - 2 * (number % 97 == 0)), dtype="Int64"
    )
    inferences["Stand der Größen"] = inferences["at"] + pd.to_timedelta(
        random.integers(-90, 10, count), unit="min"
    )
    inferences["class"] = [CLASSES[k] for k in random.integers(0, len(CLASSES), count)]
    labels = inferences[["Id"]].assign(
        Label=inferences["class"].where(random.random(count) < 0.8, "other"),
        when=inferences["at"] + pd.Timedelta(hours=1),
    )
    return {
        "inferences": pd.concat([inferences, inferences.head(REPEATED_ROWS)]),
        "labels": labels[random.random(count) < 0.9],
        "reference": features(random, 2000),
    }


def to_arrow(frame: pd.DataFrame, columns: list[tuple[str, str, str]]) -> pa.Table:
    """The declared columns; None is NULL and NaN stays NaN."""
    arrays = {}
    for name, data_type, _ in columns:
        values = frame[name].to_numpy() if data_type == "*double" else frame[name]
        arrays[name] = pa.array(values, type=TYPES[data_type], from_pandas=data_type != "*double")
    return pa.table(arrays)


def model_yaml(table: str, meta: str, columns: list[tuple[str, str, str]]) -> str:
    """The properties of one staging model."""
    lines = [
        f'      - {{name: "{name}", quote: true, data_type: {kind}, config: {{meta: {{{role}}}}}}}'
        for name, kind, role in columns
    ]
    head = f"  - name: stg_{NAME}__{table}\n    config:\n      contract: {{enforced: true}}{meta}\n    columns:\n"
    return head + "\n".join(lines) + "\n"


def new_project(folder: Path, frames: dict[str, pd.DataFrame]) -> Project:
    """A project with this monitor only, on raw tables in ``folder/raw``; nothing is built yet."""
    declared = {"inferences": (META, INFERENCES), "labels": ("", LABELS), "reference": ("", REFERENCE)}
    project = Project(folder, as_of=AS_OF)
    project.raw.mkdir()
    project.keep_only({NAME: [*PARTS, "relations"]})
    staging = f"models/staging/{NAME}"
    yaml = HEAD
    for table, (meta, columns) in declared.items():
        pq.write_table(to_arrow(frames[table], columns), project.raw / f"{NAME}_{table}.parquet")
        project.write(
            f"{staging}/stg_{NAME}__{table}.sql",
            f"select * from {{{{ source('{NAME}', '{NAME}_{table}') }}}}\n",
        )
        yaml += model_yaml(table, meta, columns)
    project.write(f"{staging}/_{NAME}.yml", yaml)
    project.write(f"{staging}/_sources.yml", SOURCES)
    # Most rows are late: without this no day is a baseline. The last days are none.
    project.append("dbt_project.yml", "  ml_baseline_max_faulty_share: 1\n  ml_baseline_days: 6\n")
    for segment in ("__all__", "Größe", "CamelCase"):
        kinds = [(f"{name}_rate", "none", 0) for name in RATES] + [("top_value_share", "none", 0)]
        kinds += [(f"{name}_share_change", "serving", -1) for name in SHARES]
        lines = [
            POLICY.format(metric=metric, baseline=baseline, segment=segment, limit=limit)
            for metric, baseline, limit in kinds
        ]
        project.append(POLICIES, "".join(lines))
    project.scaffold(NAME, [*PARTS, "relations"])
    return project

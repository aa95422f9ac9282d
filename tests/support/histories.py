"""Generated histories: raw rows that become visible run by run, in any order, with everything that goes wrong.

A ``History`` is data only, so that hypothesis can draw, shrink and print it. ``Monitor`` builds one in a real
project: dbt in this process with one parsed manifest (a build of the monitor takes two seconds, not ten), on a
DuckDB file that is closed and opened again between runs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tiny_monitor
from conftest import Project
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_runner import keep_macros, skip_events_that_nobody_logs
from hypothesis import strategies as st

# Summer time begins in New York two weeks later.
START = pd.Timestamp("2025-02-24")
HOURS = 60
# Most rows are of the first week; the others make seasons.
WEEKS = [0, 0, 0, 0, 1, 2, 3]
END = START + pd.Timedelta(weeks=max(WEEKS), hours=HOURS + 48)
# So few rows are a baseline nowhere else.
SETTINGS = {
    "ml_baseline_days": 2,
    "ml_summary": False,
    "ml_allow_full_refresh": True,
}
INFERENCES = {
    "prediction_id": "string",
    "event_time": "datetime64[us]",
    "ingest_time": "datetime64[us]",
    "model_version": "string",
    "amount": "float64",
    "temp": "float64",
    "hits": "Int32",
    "country": "string",
    "features_at": "datetime64[us]",
    "score": "float64",
    "prediction": "Int32",
    "customer_id": "Int32",
    "latency_ms": "float64",
    "status": "string",
}
LABELS = {
    "prediction_id": "string",
    "label": "Int32",
    "label_time": "datetime64[us]",
    "ingest_time": "datetime64[us]",
}
ARROW = {
    "string": pa.string(),
    "datetime64[us]": pa.timestamp("us"),
    "float64": pa.float64(),
    "Int32": pa.int32(),
}
# Everything that a monitor can declare of its rows.
DECLARED = {
    "          label_horizon_hours: 24\n": """\
          label_horizon_hours: 24
          time_zone: America/New_York
          replay_after_minutes: 30
          drift_windows: [hour]
          weekends_apart: true
          rules:
            - {name: hits_at_most_amount, condition: hits <= amount}
            - {name: warm_or_german, condition: "temp > 0 or country = 'de'", hard: true}
""",
    "accepted_values: [de, fr, it, nl]": "accepted_values: [de, fr, it, nl], pattern: '^[a-z]{2}$', exact_distinct: true",
    "{name: country, data_type: string,": "{name: country, data_type: varchar(40),",
    "min: 0, max: 50, default_value: 7": "min: 0, max: 50, default_value: 7, exact_distinct: true",
    "role: status": "role: status, accepted_values: [ok, error], max_null_rate: 0, hard: true",
    "      - {name: customer_id,": """\
      - {name: features_at, data_type: timestamp, config: {meta: {role: feature_time}}}
      - {name: customer_id,""",
}
# Vectors with everything that amounts have, of one dimension too few in one country.
COLUMN_PARTS = ["embeddings", "attributions"]
VECTORS_SQL = """case when country = 'xx' then [temp] else [amount, temp] end as place,
    amount / 3 as amount_part,
    nullif(temp, 20) as temp_part,
    customer_id"""
VECTORS = """\
      - {name: place, data_type: "double[]", config: {meta: {role: embedding, dimensions: 2}}}
      - {name: amount_part, data_type: *double, config: {meta: {role: attribution, of: amount}}}
      - {name: temp_part, data_type: *double, config: {meta: {role: attribution, of: temp}}}
      - {name: customer_id,"""
SELECTED = [
    "--select",
    "+tiny__history",
    "+tiny__gate",
    "--exclude-resource-type",
    "test",
    "unit_test",
]


@dataclass(frozen=True)
class History:
    """Raw rows, each with the run it becomes visible in, and the moment each run speaks of."""

    inferences: list[tuple[int, dict[str, Any]]]
    labels: list[tuple[int, dict[str, Any]]]
    as_of: list[pd.Timestamp] = field(default_factory=list)


def moments(first: int, last: int) -> st.SearchStrategy[pd.Timestamp]:
    """Times on the quarter hours of these hours, mostly of the first week, so that equal ones are common."""
    return st.tuples(st.integers(first * 4, last * 4), st.sampled_from(WEEKS)).map(
        lambda drawn: START + pd.Timedelta(minutes=15 * drawn[0], weeks=drawn[1])
    )


LAGS = st.sampled_from([0, 1, 5, 59, 61, 600, 2000, -5, -30]).map(
    lambda minutes: pd.Timedelta(minutes=minutes)
)
# Few keys, so that they meet; None is a row without one.
KEYS = st.sampled_from([f"p{number}" for number in range(12)] + [None])


@st.composite
def inference_rows(draw: st.DrawFn) -> dict[str, Any]:
    """One write of the scoring service."""
    event_time = draw(st.none() | moments(0, HOURS) | moments(0, HOURS) | moments(0, HOURS))
    known = event_time if event_time is not None else draw(moments(0, HOURS))
    return {
        "prediction_id": draw(KEYS),
        "event_time": event_time,
        "ingest_time": draw(
            st.none() | LAGS.map(lambda lag: known + lag) | LAGS.map(lambda lag: known + lag)
        ),
        "model_version": draw(st.sampled_from(["v1", "v2", "__all__", None])),
        "amount": draw(st.sampled_from([None, float("nan"), float("inf"), 0.0, 1.5, -3.0, 1e120, 250.0])),
        "temp": draw(st.sampled_from([20.0, 21.5, -4.0])),
        "hits": draw(st.sampled_from([None, 0, 7, 60])),
        "country": draw(st.sampled_from(["de", "fr", "xx", "__other__", "", None])),
        "score": draw(st.sampled_from([0.1, 0.5, 0.9, 1.5, None])),
        "prediction": draw(st.sampled_from([0, 1])),
        "features_at": draw(
            st.none() | st.sampled_from([-10, 0, 10]).map(lambda lag: known + pd.Timedelta(minutes=lag))
        ),
        "customer_id": draw(st.sampled_from([1, 2, 999, None])),
        "latency_ms": draw(st.sampled_from([1.0, 20.0])),
        "status": draw(st.sampled_from(["ok", "ok", "ok", "error", "lost", None])),
    }


@st.composite
def label_rows(draw: st.DrawFn) -> dict[str, Any]:
    """One write of an outcome: perhaps for a prediction that does not exist, or not yet."""
    label_time = draw(st.none() | moments(0, HOURS + 40) | moments(0, HOURS + 40))
    known = label_time if label_time is not None else draw(moments(0, HOURS + 40))
    return {
        "prediction_id": draw(KEYS),
        "label": draw(st.sampled_from([0, 1, 1, None])),
        "label_time": label_time,
        "ingest_time": draw(st.none() | LAGS.map(lambda lag: known + lag)),
    }


@st.composite
def histories(draw: st.DrawFn, runs: int = 4, rows: int = 30) -> History:
    """A history of so many runs at most, the last of which speaks of the end."""
    count = draw(st.integers(2, runs))
    # Copies: the same content again, perhaps in another run.
    visible = st.lists(st.integers(0, count - 1), min_size=1, max_size=3)
    # Runs without new predictions: all that comes in them are labels, or nothing.
    silent = draw(st.sets(st.integers(1, count - 1)))
    comes_in = [max(earlier for earlier in range(run + 1) if earlier not in silent) for run in range(count)]
    tables = []
    for row, runs_of_table in ((inference_rows(), comes_in), (label_rows(), range(count))):
        drawn = draw(st.lists(st.tuples(visible, row), min_size=5, max_size=rows))
        tables.append(
            [(runs_of_table[run], content) for runs_of_row, content in drawn for run in runs_of_row]
        )
    as_of = sorted(draw(st.lists(moments(1, HOURS + 48), min_size=count - 1, max_size=count - 1)))
    return History(tables[0], tables[1], [*as_of, END])


def table_of(rows: list[dict[str, Any]], types: dict[str, str]) -> pa.Table:
    """Rows as a table of these types, in which NaN is not NULL."""
    return pa.table(
        {name: pa.array([row[name] for row in rows], type=ARROW[kind]) for name, kind in types.items()}
    )


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """These environment variables and no others, for a while."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


skip_events_that_nobody_logs()
keep_macros()


class Monitor:
    """A project with the monitor ``tiny``, whose histories are built one after another."""

    def __init__(self, folder: Path, retention_days: int | None = None, has_vectors: bool = False) -> None:
        generated = tiny_monitor.generate(days=2, rows_per_day=50)
        inferences = generated["inferences"]
        inferences.insert(8, "features_at", inferences["event_time"])
        more_parts = ["relations", *(COLUMN_PARTS if has_vectors else [])]
        self.project = tiny_monitor.new_project(folder, {"tiny": generated}, more_parts)
        self.raw = self.project.raw / "tiny"
        for table in ("inferences", "labels"):
            # A folder of files, one for each run that brings rows.
            sql = f"models/staging/tiny/stg_tiny__{table}.sql"
            self.project.replace(sql, f"tiny/{table}.parquet", f"tiny/{table}/*.parquet")
            (self.raw / f"{table}.parquet").unlink()
        for old, new in DECLARED.items():
            self.project.replace("models/staging/tiny/_tiny.yml", old, new, count=1)
        if has_vectors:
            self.project.replace("models/staging/tiny/_tiny.yml", "      - {name: customer_id,", VECTORS)
            self.project.replace("models/staging/tiny/stg_tiny__inferences.sql", "customer_id", VECTORS_SQL)
        if retention_days:
            declared = "          label_horizon_hours: 24\n"
            self.project.replace(
                "models/staging/tiny/_tiny.yml",
                declared,
                f"{declared}          hourly_retention_days: {retention_days}\n",
            )
            # The baseline of an hour are hours, which retention folds; without hours no weekends are apart.
            self.project.replace(
                "models/staging/tiny/_tiny.yml", "drift_windows: [hour]", "drift_windows: []"
            )
            self.project.replace("models/staging/tiny/_tiny.yml", "          weekends_apart: true\n", "")
        text = self.project.read("dbt_project.yml")
        settings = "".join(f"  {name}: {str(value).lower()}\n" for name, value in SETTINGS.items())
        self.project.write("dbt_project.yml", text.replace("\nvars:\n", f"\nvars:\n{settings}"))
        self.parse(END)

    def parse(self, as_of: pd.Timestamp) -> None:
        """Parse the project, once for all builds: in a process that knows the macros, whose result is then read."""
        self.project.dbt("parse", env=self.environment_of(as_of), check=0)
        with self.ready(as_of):
            self.manifest = dbtRunner().invoke(["--quiet", "parse"]).result

    def environment_of(self, as_of: pd.Timestamp) -> dict[str, str]:
        """What dbt is told by environment variables."""
        return self.project.environment({"ML_AS_OF": str(as_of), "ML_THREADS": "1"})

    @contextmanager
    def ready(self, as_of: pd.Timestamp) -> Iterator[None]:
        """The folder and the environment that dbt runs in."""
        folder = Path.cwd()
        values = self.environment_of(as_of)
        os.chdir(self.project.folder)
        try:
            with environment(values):
                yield
        finally:
            os.chdir(folder)
            DuckDBConnectionManager.close_all_connections()

    def build(self, as_of: pd.Timestamp, *args: str) -> None:
        """One dbt build of the monitor."""
        with self.ready(as_of):
            result = dbtRunner(manifest=self.manifest).invoke(
                ["--quiet", "--no-write-json", "build", *SELECTED, *args]
            )
        assert result.success, result.exception or [
            one.message for one in result.result if one.status == "error"
        ]

    def start(self) -> None:
        """Forget everything that was logged and built."""
        self.project.database.unlink(missing_ok=True)
        for table, types in (("inferences", INFERENCES), ("labels", LABELS)):
            shutil.rmtree(self.raw / table, ignore_errors=True)
            (self.raw / table).mkdir()
            self.reveal(table, [], types, "empty")

    def reveal(self, table: str, rows: list[dict[str, Any]], types: dict[str, str], name: str) -> None:
        """Add a file of raw rows."""
        pq.write_table(table_of(rows, types), self.raw / table / f"{name}.parquet")

    def run(self, history: History, run: int) -> None:
        """Reveal what becomes visible in a run, and build."""
        for table, rows, types in (
            ("inferences", history.inferences, INFERENCES),
            ("labels", history.labels, LABELS),
        ):
            new = [content for visible_in, content in rows if visible_in == run]
            if new:
                self.reveal(table, new, types, f"run_{run}")
        self.build(history.as_of[run])

    def snapshot(self, folder: Path) -> Project:
        """A copy of what is built now, to compare with."""
        folder.mkdir(parents=True, exist_ok=True)
        copy = object.__new__(Project)
        copy.folder, copy.raw, copy.as_of = folder, self.project.raw, None
        copy.database = folder / self.project.database.name
        shutil.copy2(self.project.database, copy.database)
        return copy

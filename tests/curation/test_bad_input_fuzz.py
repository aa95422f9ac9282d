"""Raw rows of awkward values, drawn: whatever comes, a build ends well, loses no row and counts each one once.

Each example is two files of raw rows and of labels, one per run, then a run without news. Values come from a pool for
each type that holds what exports, clocks and people write; hypothesis mixes them. ``make test`` draws the same seed
everywhere; ``ML_FUZZ_SECONDS`` goes on with the seeds after it for so long (``make soak``), and ``ML_FUZZ_SEED`` begins at
another one.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from histories import Monitor
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

SECONDS = float(os.environ.get("ML_FUZZ_SECONDS", "0"))
SEEDS = 1
SEED = int(os.environ.get("ML_FUZZ_SEED", "20251121"))
AS_OF = dt.datetime(2025, 1, 6)
EPOCH = dt.datetime(1970, 1, 1)
INFINITE = 2**63 - 1
Row = dict[str, Any]


def microseconds(text: str) -> int:
    """A time as microseconds since 1970."""
    return (dt.datetime.fromisoformat(text) - EPOCH) // dt.timedelta(microseconds=1)


TYPES = {
    "inferences": {
        "prediction_id": pa.string(),
        "event_time": pa.timestamp("us"),
        "ingest_time": pa.timestamp("us"),
        "model_version": pa.string(),
        "amount": pa.float64(),
        "temp": pa.float64(),
        "hits": pa.int64(),
        "country": pa.string(),
        "score": pa.float64(),
        "prediction": pa.int64(),
        "customer_id": pa.int64(),
        "latency_ms": pa.float64(),
        "status": pa.string(),
        "features_at": pa.timestamp("us"),
    },
    "labels": {
        "prediction_id": pa.string(),
        "label": pa.int64(),
        "label_time": pa.timestamp("us"),
        "ingest_time": pa.timestamp("us"),
    },
}
TIMES = [
    *(
        microseconds(f"2025-01-0{day}T{hour}")
        for day in range(1, 6)
        for hour in ("00:00:00", "11:59:59.999999", "23:15:00")
    ),
    *(microseconds(f"2025-01-02T{hour:02d}:30:00") for hour in range(0, 24, 4)),
]
ODD_TIMES = [
    *map(
        microseconds,
        (
            "1970-01-01",
            "1969-12-31T23:59:59.999999",
            "0001-01-01",
            "1582-10-10",
            "1900-01-01",
            "1999-12-31T23:59:59",
        ),
    ),
    *map(
        microseconds,
        ("2000-01-01", "2038-01-19T03:14:08", "2262-04-11T23:47:16.854775", "9999-12-31T23:59:59.999999"),
    ),
    *(INFINITE, -INFINITE),
]
# As far as DuckDB's timestamps go, 290309 BC to 294246.
ENDS = [-9_223_372_022_400_000_000, 9_223_371_244_800_000_000]
TEXTS = [
    *(
        "de",
        "__all__",
        "__other__",
        "__null__",
        "=__all__",
        "==",
        'it\'s "x"',
        "a\nb",
        "a\r\n",
        "\\n",
        "\t",
        "\U0001f600",
        "",
    ),
    *(
        "  ",
        " de",
        "DE",
        "0",
        "1,234.5",
        "NaN",
        "Ω",
        "ß|SS",
        "e\u0301",
        "\u00e9",
        "\u202eabc",
        "\ufeff",
        "NULL",
        "%s {{ x }} {% y %}",
    ),
    *("<script>alert(1)</script>", "'; drop table x; --", "$$", "\\", "x" * 20_000, "\x7f", "\u0000"),
]
NUMBERS = [
    *(
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.1,
        7.0,
        1e-300,
        5e-324,
        1e100,
        -1e100,
        1.0000001e100,
        1e300,
        -1.7976931348623157e308,
    ),
    *(float("nan"), float("inf"), float("-inf"), 2.0**53, 2.0**53 + 2, 999999999999.5),
]
INTEGERS = [0, 1, -1, 7, 50, 51, 2**31 - 1, 2**31, 2**53, 2**53 + 1, 2**63 - 1, -(2**63) + 1, -(2**63)]


def often(strategy: st.SearchStrategy, odd: st.SearchStrategy) -> st.SearchStrategy:
    """Mostly what is usual, and sometimes what is not, or nothing."""
    return st.one_of(strategy, strategy, strategy, odd, st.none())


def any_text() -> st.SearchStrategy[str]:
    """Out of the pool, or made up."""
    return st.sampled_from(TEXTS) | st.text(st.characters(codec="utf-8"), max_size=5)


def any_number() -> st.SearchStrategy[float]:
    """Out of the pool, or made up."""
    return st.sampled_from(NUMBERS) | st.floats()


TIME = often(st.sampled_from(TIMES), st.sampled_from(ODD_TIMES))
# Few keys, so that they meet.
KEY = often(st.sampled_from([f"p{number}" for number in range(8)]), any_text())
INTEGER = often(st.sampled_from(INTEGERS[:6]), st.sampled_from(INTEGERS))
INFERENCES = st.fixed_dictionaries(
    {
        "prediction_id": KEY,
        "event_time": TIME | st.sampled_from(TIMES + ENDS),
        "ingest_time": TIME | st.sampled_from(TIMES + ENDS),
        "model_version": often(st.just("v1"), any_text()),
        "amount": any_number() | st.none(),
        "temp": any_number() | st.none(),
        "hits": INTEGER,
        "country": any_text() | st.none(),
        "score": often(st.floats(0, 1), any_number()),
        "prediction": often(st.sampled_from([0, 1]), st.sampled_from(INTEGERS)),
        "customer_id": INTEGER,
        "latency_ms": any_number() | st.none(),
        "status": often(st.just("ok"), any_text()),
        "features_at": TIME | st.sampled_from(TIMES + ENDS),
    }
)
LABELS = st.fixed_dictionaries(
    {
        "prediction_id": KEY,
        "label": often(st.sampled_from([0, 1]), st.sampled_from(INTEGERS)),
        "label_time": TIME | st.sampled_from(TIMES + ENDS),
        "ingest_time": TIME | st.sampled_from(TIMES + ENDS),
    }
)


def with_copies(rows: st.SearchStrategy[Row], least: int, most: int) -> st.SearchStrategy[list[Row]]:
    """Rows, some of them written more than once."""
    copied = st.lists(st.tuples(rows, st.sampled_from([1, 1, 1, 1, 2, 3])), min_size=least, max_size=most)
    return copied.map(lambda drawn: [row for row, copies in drawn for _ in range(copies)])


RUNS = st.lists(
    st.fixed_dictionaries(
        {"inferences": with_copies(INFERENCES, 15, 40), "labels": with_copies(LABELS, 5, 15)}
    ),
    min_size=2,
    max_size=2,
)
# Every table that a run writes for good.
TABLES = [
    *(
        "inferences_log",
        "labels_log",
        "hourly_volume",
        "hourly_profile",
        "hourly_outcomes",
        "hourly_joins",
        "grid",
    ),
    *("data_quality", "drift", "window_metrics", "performance", "checks", "history where record = 'check'"),
]


class FuzzedMonitor(Monitor):
    """The monitor ``tiny`` with 64-bit integers, on raw files of any content."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        yaml = "models/staging/tiny/_tiny.yml"
        for end in (",", "}"):
            self.project.replace(yaml, f"data_type: int{end}", f"data_type: bigint{end}")
        for table in ("reference", "customer"):
            frame = pd.read_parquet(self.raw / f"{table}.parquet")
            wider = frame.astype(dict.fromkeys(frame.select_dtypes("int32"), "int64"))
            wider.to_parquet(self.raw / f"{table}.parquet", index=False)
        self.parse(AS_OF)

    def environment_of(self, as_of: dt.datetime | None) -> dict[str, str]:
        """What dbt is told by environment variables; without a moment it speaks of now, and of rows from the future."""
        given = {"ML_AS_OF": str(as_of) if as_of else None, "ML_THREADS": "1"}
        return self.project.environment(given)

    def start(self) -> None:
        """Forget everything."""
        self.project.database.unlink(missing_ok=True)
        for table in TYPES:
            shutil.rmtree(self.raw / table, ignore_errors=True)
            (self.raw / table).mkdir()
            self.write(table, [], "empty")

    def write(self, table: str, rows: list[Row], name: str) -> None:
        """Write a file of raw rows."""
        arrays = {
            column: pa.array([row[column] for row in rows], pa.int64()).cast(kind)
            if pa.types.is_timestamp(kind)
            else pa.array([row[column] for row in rows], kind, from_pandas=False)
            for column, kind in TYPES[table].items()
        }
        pq.write_table(pa.table(arrays), self.raw / table / f"{name}.parquet")

    def state(self) -> dict[str, Any]:
        """The content of every table, as the number of rows and the sum of their hashes."""
        with duckdb.connect(str(self.project.database), read_only=True) as connection:
            return {
                table: connection.execute(
                    f"select count(*), sum(cast(hash(t) as hugeint)) from (from tiny__{table}) as t"
                ).fetchone()
                for table in TABLES
            }


# Each query returns what is wrong, and no row if nothing is.
KNOWN = "coalesce(coalesce(ingest_time, {other}) < timestamp '{as_of}', true)"
WRONG = {
    "a raw prediction is not in the log exactly once": """
        select * from ((select {inferences} from raw_inferences) except all (select {inferences} from tiny__inferences_log))
        union all by name
        select * from ((select {inferences} from tiny__inferences_log) except all (select {inferences} from raw_inferences))
    """,
    "a raw label is not in the log exactly once": """
        select * from ((select {labels} from raw_labels) except all (select {labels} from tiny__labels_log))
        union all by name
        select * from ((select {labels} from tiny__labels_log) except all (select {labels} from raw_labels))
    """,
    "a row has no state, or a quarantined one no reason": """
        select * from tiny__inferences_log
        where ml_row_state is null or ml_row_state not in ('current', 'duplicate', 'quarantined')
            or (ml_row_state = 'quarantined') <> (ml_quarantine_reason is not null)
    """,
    "a prediction id has not exactly one current row": """
        select prediction_id from tiny__inferences_log where ml_row_state <> 'quarantined'
        group by prediction_id having count(*) filter (ml_row_state = 'current') <> 1
    """,
    "the rows of an hour are not current, duplicate or quarantined ones of the log": """
        select * from (
            select ml_event_hour as hour, count(*) as n, count(*) filter (ml_row_state = 'current') as c,
                count(*) filter (ml_row_state = 'duplicate') as d, count(*) filter (ml_row_state = 'quarantined') as q
            from tiny__inferences_log group by 1
        ) as log
        full join (
            select * from tiny__hourly_volume
            where model_version = '__all__' and segment_name = '__all__' and logged_rows + current_rows > 0
        ) as volume on log.hour = volume.window_start
        where (n, c, d, q) is distinct from (logged_rows, current_rows, duplicate_rows, quarantined_rows) or n <> c + d + q
    """,
    "versions or segments of an hour do not add up": """
        select window_start, logged_rows, version_rows, segment_rows, both_rows from (
            select
                window_start,
                sum(logged_rows) filter (model_version = '__all__' and segment_name = '__all__') as logged_rows,
                sum(logged_rows) filter (model_version <> '__all__' and segment_name = '__all__') as version_rows,
                sum(logged_rows) filter (model_version = '__all__' and segment_name = 'country') as segment_rows,
                sum(logged_rows) filter (model_version <> '__all__' and segment_name = 'country') as both_rows
            from tiny__hourly_volume group by window_start
        )
        where logged_rows > 0
            and (logged_rows, logged_rows, logged_rows) is distinct from (version_rows, segment_rows, both_rows)
    """,
    "staging and log do not reconcile": """
        select * from tiny__hourly_volume where raw_ingested_rows <> log_ingested_rows
    """,
    "the counts of a column do not add up to the current rows of the hour": """
        with columns as (select distinct column_name from tiny__hourly_profile where column_name <> '__rows__'),
        current as (
            select ml_event_hour as hour, column_name, count(*) as n
            from tiny__inferences_log, columns where ml_row_state = 'current' group by all
        ),
        counted as (
            select window_start as hour, column_name, sum(row_count) as n
            from tiny__hourly_profile where window_grain = 'hour' and column_name <> '__rows__' group by all
        )
        select * from current full join counted using (hour, column_name) where current.n is distinct from counted.n
    """,
    "the counts of a segment do not add up to the current rows of the day": """
        with columns as (select distinct column_name from tiny__hourly_profile where column_name <> '__rows__'),
        current as (
            select date_trunc('day', ml_event_hour) as day, column_name, count(*) as n
            from tiny__inferences_log, columns where ml_row_state = 'current' group by all
        ),
        counted as (
            select window_start as day, column_name, sum(row_count) as n
            from tiny__hourly_profile where segment_name = 'country' and column_name <> '__rows__' group by all
        )
        select * from current full join counted using (day, column_name) where current.n is distinct from counted.n
    """,
}


def wrong(monitor: FuzzedMonitor, as_of: dt.datetime | None) -> list[str]:
    """What does not hold of the tables as they are, in words."""
    names = {table: ", ".join(types) for table, types in TYPES.items()}
    found = []
    with duckdb.connect(str(monitor.project.database), read_only=True) as connection:
        for table, time_column in (("inferences", "event_time"), ("labels", "label_time")):
            files = f"read_parquet('{monitor.raw}/{table}/*.parquet')"
            known = KNOWN.format(other=time_column, as_of=as_of) if as_of else "true"
            connection.execute(f"create temp view raw_{table} as select * from {files} where {known}")
        for what, sql in WRONG.items():
            rows = connection.execute(sql.format(**names)).fetchmany(3)
            if rows:
                found.append(f"{what}, such as {str(rows)[:2000]}")
    return found


def check(monitor: FuzzedMonitor, runs: list[dict[str, list[Row]]], as_of: dt.datetime | None) -> None:
    """Build run by run, then once more without news."""
    monitor.start()
    for number, run in enumerate(runs):
        for table, rows in run.items():
            monitor.write(table, rows, f"run_{number}")
        monitor.build(as_of)
        assert wrong(monitor, as_of) == []
    before = monitor.state()
    monitor.build(as_of)
    assert monitor.state() == before


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> FuzzedMonitor:
    """One project for all examples."""
    return FuzzedMonitor(tmp_path_factory.mktemp("fuzz") / "project")


def test_whatever_comes_no_row_is_lost_and_each_is_counted_once(monitor: FuzzedMonitor) -> None:
    ends = time.monotonic() + SECONDS
    number = SEED
    while number < SEED + SEEDS or time.monotonic() < ends:
        print(f"seed {number}", flush=True)

        @seed(number)
        @settings(
            max_examples=4,
            deadline=None,
            database=None,
            print_blob=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(runs=RUNS, as_of=st.sampled_from([AS_OF, None]))
        def any_rows(runs: list[dict[str, list[Row]]], as_of: dt.datetime | None) -> None:
            check(monitor, runs, as_of)

        any_rows()
        number += 1


# A change to the tables, and the sentences of WRONG that it must bring.
DAMAGE = {
    "delete from tiny__inferences_log where prediction_id = 'p1'": {
        "a raw prediction is not in the log exactly once",
        "the rows of an hour are not current, duplicate or quarantined ones of the log",
        "the counts of a column do not add up to the current rows of the hour",
        "the counts of a segment do not add up to the current rows of the day",
    },
    "insert into tiny__labels_log from tiny__labels_log": {"a raw label is not in the log exactly once"},
    "update tiny__inferences_log set ml_quarantine_reason = null where ml_row_state = 'quarantined'": {
        "a row has no state, or a quarantined one no reason"
    },
    "update tiny__inferences_log set ml_row_state = 'duplicate' where prediction_id = 'p1'": {
        "a prediction id has not exactly one current row",
        "the rows of an hour are not current, duplicate or quarantined ones of the log",
        "the counts of a column do not add up to the current rows of the hour",
        "the counts of a segment do not add up to the current rows of the day",
    },
    "delete from tiny__hourly_volume where segment_value = 'de'": {
        "versions or segments of an hour do not add up"
    },
    "update tiny__hourly_volume set raw_ingested_rows = 7": {"staging and log do not reconcile"},
    "update tiny__hourly_profile set row_count = 3 where column_name = 'amount' and segment_name = '__all__'": {
        "the counts of a column do not add up to the current rows of the hour"
    },
    "delete from tiny__hourly_profile where column_name = 'country' and segment_name = 'country'": {
        "the counts of a segment do not add up to the current rows of the day"
    },
}


def test_a_row_lost_or_counted_twice_is_found(monitor: FuzzedMonitor) -> None:
    row = {
        name: 0.5 if kind == pa.float64() else 1 if kind == pa.int64() else "de"
        for name, kind in TYPES["inferences"].items()
    }
    moments = {"event_time": TIMES[0], "ingest_time": TIMES[1], "features_at": TIMES[0], "status": "ok"}
    rows = [row | moments | {"prediction_id": key} for key in ("p1", "p2", "p2", None)]
    label = {"prediction_id": "p1", "label": 1, "label_time": TIMES[1], "ingest_time": TIMES[2]}
    monitor.start()
    monitor.write("inferences", rows, "run_0")
    monitor.write("labels", [label], "run_0")
    monitor.build(AS_OF)
    assert wrong(monitor, AS_OF) == []
    for sql, expected in DAMAGE.items():
        with duckdb.connect(str(monitor.project.database)) as connection:
            saved = monitor.project.database.read_bytes()
            connection.execute(sql)
        found = {one.split(", such as ")[0] for one in wrong(monitor, AS_OF)}
        assert found == expected, sql
        monitor.project.database.write_bytes(saved)

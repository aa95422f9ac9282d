"""Generate the benchmark's raw inference log, reference set and labels as Parquet.

    python scripts/bench/bench_data.py --rows 1000000 [--days 30] --out /tmp/bench/1m

Writes, below the output directory:

- ``bench_inferences/YYYY-MM-DD.parquet``: one file per ingest day. ``--rows`` distinct predictions
  plus 1 % of repeated rows: half exact copies, half re-sent up to six hours later, which may land in the
  next day's file.
- ``bench_reference.parquet``: 50,000 rows with the features, score and prediction, without times.
- ``bench_labels/YYYY-MM-DD.parquet``: labels for 90 % of the predictions, 1 to 48 hours after the event.
  They arrive up to two days after the log has ended, so there are two files more.

Every value is a function of the row number, the column number and nothing else (``hash`` of the pinned
DuckDB), so two runs give the same rows. Rows are in time order with a daily season. From day 25 on
``f02`` is shifted by half a standard deviation and from day 28 on ``c2`` sends its rarest value five
times as often, so that a drift metric has something to find. Each file is one statement, so memory stays
below 2 GB at any size.
"""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb

GENERATOR_VERSION = 1
START = date(2025, 1, 1)
DAYS = 30
LABEL_LAG_DAYS = 2
REFERENCE_ROWS = 50_000
REFERENCE_OFFSET = 1_000_000_000_000
STAMP = "bench_data.json"

MACROS = f"""
-- Uniform in (0, 1): 53 bits of the hash of row i and stream k, never exactly 0.
create macro u(i, k) as ((hash(i * 128 + k) >> 11)::double + 0.5) / 9007199254740992.0;

-- Standard normal by Box and Muller; uses streams k and k + 1.
create macro normal(i, k) as sqrt(-2.0 * ln(u(i, k))) * cos(6.283185307179586 * u(i, k + 1));

create macro day_of(i, per_day) as (i // per_day)::integer;

-- Time order within the day, denser around midday; the last minute of the day stays empty, so that rows of
-- the last day are ingested on that day.
create macro event_time_of(i, per_day) as
    timestamp '{START}' + to_days(day_of(i, per_day)) + to_microseconds((
        ((i % per_day + u(i, 1)) / per_day
            + 0.1 * sin(6.283185307179586 * (i % per_day + u(i, 1)) / per_day)) * 86340e6)::bigint);

create macro ingest_time_of(i, per_day) as
    event_time_of(i, per_day) + to_microseconds((1e6 + 59e6 * u(i, 2))::bigint);

-- 0: sent once; 1: also as an exact copy; 2: also sent again later.
create macro repeat_of(i) as
    case when u(i, 3) < 0.005 then 1 when u(i, 3) < 0.01 then 2 else 0 end;

create macro resent_time_of(i, per_day) as
    ingest_time_of(i, per_day) + to_microseconds((1e6 + 21600e6 * u(i, 4))::bigint);

create macro label_time_of(i, per_day) as
    event_time_of(i, per_day) + to_microseconds((3600e6 + least(-8.0 * ln(u(i, 5)), 46.9) * 3600e6)::bigint);

create macro prediction_id_of(i) as md5(i::varchar)::uuid::varchar;

-- Skewed category; u squared makes the last of n values the rarest.
create macro category(i, k, name, n) as
    name || '_' || lpad(floor(n * u(i, k) * u(i, k))::integer::varchar, 2, '0');
"""

FEATURES = """
    normal(i, 10) as f01,
    50 + 12 * normal(i, 12) + case when day_index >= 24 then 6.0 else 0.0 end as f02,
    case when u(i, 14) < 0.01 then null else -3 + 0.5 * normal(i, 15) end as f03,
    exp(normal(i, 17)) as f04,
    round(exp(3 + 0.8 * normal(i, 19)), 2) as f05,
    round(exp(6 + 1.5 * normal(i, 21)), 2) as f06,
    case when u(i, 23) < 0.01 then null else -ln(u(i, 24)) end as f07,
    -300 * ln(u(i, 25)) as f08,
    u(i, 26) as f09,
    200 * u(i, 27) - 100 as f10,
    case when u(i, 28) < 0.01 then null else round(24 * u(i, 29), 1) end as f11,
    case when u(i, 30) < 0.7 then 0.0 else round(exp(2 + normal(i, 31)), 2) end as f12,
    case when u(i, 33) < 0.4 then 0.0 else -20 * ln(u(i, 34)) end as f13,
    floor(-3 * ln(u(i, 35))) as f14,
    case when u(i, 36) < 0.01 then null else round(50 + 10 * normal(i, 37)) end as f15,
    floor(18 + 72 * u(i, 39)) as f16,
    category(i, 40, 'c1', 5) as c1,
    case when day_index >= 27 and u(i, 41) < 0.1 then 'c2_19' else category(i, 42, 'c2', 20) end as c2,
    category(i, 43, 'c3', 50) as c3,
    category(i, 44, 'c4', 90) as c4,
    1 / (1 + exp(1.5 - 0.8 * normal(i, 10) - 0.3 * ln(u(i, 24)) - 0.5 * normal(i, 45))) as score
"""

FEATURE_NAMES = ", ".join([f"f{n:02d}" for n in range(1, 17)] + [f"c{n}" for n in range(1, 5)] + ["score"])

INFERENCES = """
copy (
    with keys as (
        select range as i, day_of(range, {per_day}) as day_index
        from range({first}, {last})
    ),
    sendings as (
        select i, day_index, ingest_time_of(i, {per_day}) as ingest_time
        from keys
        union all
        select i, day_index, ingest_time_of(i, {per_day}) as ingest_time
        from keys
        where repeat_of(i) = 1
        union all
        select i, day_index, resent_time_of(i, {per_day}) as ingest_time
        from keys
        where repeat_of(i) = 2
    ),
    rows as (
        select
            prediction_id_of(i) as prediction_id,
            event_time_of(i, {per_day}) as event_time,
            ingest_time,
            'v1' as model_version,
            {features},
            round(exp(3.2 + 0.5 * normal(i, 47)), 3) as latency_ms
        from sendings
        where ingest_time >= timestamp '{day}' and ingest_time < timestamp '{day}' + interval 1 day
    )
    select
        prediction_id, event_time, ingest_time, model_version, {names},
        (score >= 0.5)::integer as prediction,
        latency_ms
    from rows
) to '{target}' (format parquet)
"""

REFERENCE = """
copy (
    with rows as (
        select {features}
        from (select {offset} + range as i, 0 as day_index from range({count}))
    )
    select {names}, (score >= 0.5)::integer as prediction
    from rows
) to '{target}' (format parquet)
"""

LABELS = """
copy (
    with keys as (
        select range as i, day_of(range, {per_day}) as day_index
        from range({first}, {last})
        where u(range, 6) < 0.9
    ),
    timed as (
        select
            i, day_index,
            label_time_of(i, {per_day}) as label_time,
            label_time_of(i, {per_day}) + to_microseconds((1e6 + 59e6 * u(i, 7))::bigint) as ingest_time
        from keys
    ),
    rows as (
        select i, label_time, ingest_time, {features}
        from timed
        where ingest_time >= timestamp '{day}' and ingest_time < timestamp '{day}' + interval 1 day
    )
    select
        prediction_id_of(i) as prediction_id,
        (u(i, 8) < score)::integer as label,
        label_time,
        ingest_time
    from rows
) to '{target}' (format parquet)
"""


def generate(rows: int, days: int, out: Path) -> None:
    """Write the three data sets below ``out``."""
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"})
    connection.execute(MACROS)
    per_day = -(-rows // days)
    common = {"per_day": per_day, "features": FEATURES, "names": FEATURE_NAMES}
    for folder, template, file_count, lag in (
        ("bench_inferences", INFERENCES, days, 1),
        ("bench_labels", LABELS, days + LABEL_LAG_DAYS, LABEL_LAG_DAYS),
    ):
        target = out / folder
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for index in range(file_count):
            day = START + timedelta(days=index)
            connection.execute(
                template.format(
                    first=min(max(index - lag, 0) * per_day, rows),
                    last=min((index + 1) * per_day, rows),
                    day=day,
                    target=target / f"{day}.parquet",
                    **common,
                )
            )
    connection.execute(
        REFERENCE.format(
            offset=REFERENCE_OFFSET,
            count=REFERENCE_ROWS,
            target=out / "bench_reference.parquet",
            features=FEATURES,
            names=FEATURE_NAMES,
        )
    )


def main() -> None:
    """Generate unless the stamp says that the same data is already there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="distinct predictions (1 %% repeats come on top)"
    )
    parser.add_argument("--days", type=int, default=DAYS, help="days that they are spread over")
    parser.add_argument("--out", type=Path, required=True, help="output directory")
    arguments = parser.parse_args()

    stamp = arguments.out / STAMP
    wanted = {"generator": GENERATOR_VERSION, "duckdb": duckdb.__version__}
    wanted |= {"rows": arguments.rows, "days": arguments.days}
    if stamp.exists() and json.loads(stamp.read_text()) == wanted:
        print(f"{arguments.out}: already generated")
        return
    stamp.unlink(missing_ok=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    generate(arguments.rows, arguments.days, arguments.out)
    stamp.write_text(json.dumps(wanted) + "\n")
    print(f"{arguments.out}: {arguments.rows} predictions generated")


if __name__ == "__main__":
    main()

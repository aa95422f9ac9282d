"""What the gates must find on the demo's raw logs, worked out from the logs alone.

Three sources, none of which looks at a table of ml_monitor: the faults that prepare_demo.py says it injected,
what is really missing in the public data (hours and days without weather), and the days on which the model of the
air time, trained in winter, is really worse than in March. The demo and the tests compare the checks with this.
"""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from math import sqrt
from pathlib import Path

import duckdb

Finding = tuple[str, str, str, str, str]  # monitor, metric, subject, window grain, start of the window

WEATHER_COLUMNS = {
    "flight_delay": ["temp", "humid", "wind_speed", "pressure", "visib"],
    "flight_air_time": ["temp", "wind_speed"],
}
MIN_ROWS = {"hour": 20, "day": 1}


def injected_findings(raw: Path) -> set[Finding]:
    """Every window of every injected fault, from the table that the injecting script wrote."""
    findings: set[Finding] = set()
    with (raw / "injected_faults.csv").open(newline="") as file:
        for fault in csv.DictReader(file):
            step = timedelta(hours=1) if fault["window_grain"] == "hour" else timedelta(days=1)
            window = datetime.fromisoformat(fault["first_hour"])
            key = (fault["monitor"], fault["metric"], fault["subject"], fault["window_grain"])
            while window < datetime.fromisoformat(fault["end_hour"]):
                findings.add((*key, f"{window:%Y-%m-%d %H:%M:%S}"))
                window += step
    return findings


def upper_bound(successes: int, rows: int, z: float = 3.2905) -> float:
    """Upper Wilson bound of a proportion."""
    share = successes / rows
    spread = z * sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return (share + z * z / (2 * rows) + spread) / (1 + z * z / rows)


def natural_findings(raw: Path, as_of: str) -> set[Finding]:
    """Hours whose weather is really missing, and days on which more than half of it is (pressure: 95 %)."""
    findings: set[Finding] = set()
    connection = duckdb.connect()
    for monitor, columns in WEATHER_COLUMNS.items():
        source = f"read_parquet('{raw}/{monitor}_inferences/*.parquet')"
        hours = connection.execute(f"""
            select date_trunc('hour', i.event_time) as hour, count(*), count(w.weather_hour)
            from {source} as i
            left join '{raw}/weather.parquet' as w using (weather_station, weather_hour)
            where i.prediction_id is not null and i.event_time < i.ingest_time and i.ingest_time < '{as_of}'
            group by hour
        """).fetchall()
        for hour, rows, matched in hours:
            if rows >= MIN_ROWS["hour"] and upper_bound(matched, rows) < 0.5:
                findings.add((monitor, "join_match_rate", "weather", "hour", f"{hour:%Y-%m-%d %H:%M:%S}"))
        for column in columns:
            limit = 0.95 if column == "pressure" else 0.5
            days = connection.execute(f"""
                select date_trunc('day', event_time) as day
                from {source}
                where prediction_id is not null and event_time < ingest_time and ingest_time < '{as_of}'
                group by day
                having avg(case when {column} is null then 1.0 else 0 end) > {limit}
            """).fetchall()
            findings |= {(monitor, "null_rate", column, "day", f"{day:%Y-%m-%d %H:%M:%S}") for (day,) in days}
    return findings


def worse_days(raw: Path, as_of: str) -> set[Finding]:
    """Days whose mean absolute error of the air time is surely more than 1.5 times that of the first 28 days.

    Surely: beyond the 99.9 % intervals of both means and four standard deviations of what the 28 days differ by
    beyond chance (DerSimonian and Laird).
    """
    days = (
        duckdb.connect()
        .execute(f"""
            with labels as (
                select prediction_id, arg_max(label, (ingest_time, label_time)) as label
                from '{raw}/flight_air_time_labels/*.parquet'
                where ingest_time < '{as_of}' and prediction_id is not null and label is not null
                group by prediction_id
            ),
            predictions as (
                select prediction_id, arg_min(prediction, ingest_time) as prediction, min(event_time) as event_time
                from '{raw}/flight_air_time_inferences/*.parquet'
                where prediction_id is not null and event_time < ingest_time and ingest_time < '{as_of}'
                group by prediction_id
            )
            select date_trunc('day', event_time) as day, abs(label - prediction) as error
            from predictions inner join labels using (prediction_id)
            where date_trunc('day', event_time) + interval 48 hours <= timestamp '{as_of}'
        """)
        .df()
        .groupby("day")["error"]
        .agg(rows="size", mean="mean", variance=lambda errors: errors.var(ddof=0))
    )
    first = days[days.index < days.index.min() + timedelta(days=28)]
    rows = first["rows"].sum()
    mean = (first["rows"] * first["mean"]).sum() / rows
    square = (first["rows"] * (first["variance"] + first["mean"] ** 2)).sum() / rows
    variance = square - mean**2
    excess = (first["rows"] * (first["mean"] - mean) ** 2).sum() - (len(first) - 1) * variance
    between_days = max(0.0, excess / (rows - (first["rows"] ** 2).sum() / rows))
    sampling = 3.2905**2 * (days["variance"] / days["rows"] * (1 + 3.5 / days["rows"]) ** 2 + variance / rows)
    surely = days["mean"] - mean - (sampling + 16 * between_days) ** 0.5
    worse = days.index[(surely > 0.5 * mean) & (days.index > first.index.max())]
    return {("flight_air_time", "mae_ratio", "__rows__", "day", f"{day:%Y-%m-%d %H:%M:%S}") for day in worse}


def expected_findings(raw: Path, as_of: str) -> set[Finding]:
    """All failing checks that the raw logs call for up to `as_of` (UTC text)."""
    injected = {f for f in injected_findings(raw) if f[4] < as_of}
    return injected | natural_findings(raw, as_of) | worse_days(raw, as_of)


def found_findings(database: Path) -> set[Finding]:
    """All failing checks in the tables."""
    connection = duckdb.connect(str(database), read_only=True)
    rows = connection.execute("""
        select monitor, metric, subject, window_grain, strftime(window_start, '%Y-%m-%d %H:%M:%S')
        from ml_checks
        where status = 'fail'
    """).fetchall()
    connection.close()
    return set(rows)

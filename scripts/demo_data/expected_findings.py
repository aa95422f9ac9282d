"""What the gates must find on the demo's raw logs, worked out from the logs alone.

Two sources, neither of which looks at a table of ml_monitor: the faults that prepare_demo.py says it injected,
and what is really missing in the public data (hours and days without weather). The demo and the tests compare
the checks with this.
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


def expected_findings(raw: Path, as_of: str) -> set[Finding]:
    """All failing checks that the raw logs call for up to `as_of` (UTC text)."""
    return {f for f in injected_findings(raw) if f[4] < as_of} | natural_findings(raw, as_of)


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

"""Made-up fleet tables of any size in a DuckDB file, with the columns of the fleet views, to measure and test the report.

    python tests/support/report_fleet.py FILE [--monitors 20] [--columns 100] [--days 90]

Every tenth column of each third monitor has drifted on the last three days,
    and the join of each fourth monitor fails. The numbers are
noise, so that they compress no better than real ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import scaffold
import yaml

START = datetime(2026, 1, 1)
OWNER = "fleet@example.com"
SEGMENTS = 5
BINS = 20
TYPES = {"string": "varchar", "double": "double"}


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """An empty table for each fleet view, with the columns of its contract."""
    views = yaml.safe_load(scaffold.FLEET_FILE.read_text(encoding="utf-8"))
    for name, view in views.items():
        columns = scaffold.table_columns(view.get("table", name), "<monitor>")
        listed = ", ".join(
            f'"{column["name"]}" {TYPES.get(column["data_type"], column["data_type"])}'
            for column in columns
            if column["name"] not in scaffold.INTERNAL_COLUMNS
        )
        connection.execute(f"create table {name} ({listed})")


def quoted(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def build(
    path: Path,
    monitors: int | Sequence[str] = 20,
    columns: int | Sequence[str] = 100,
    days: int = 90,
    segment: str = "country",
    segment_values: Sequence[str] = tuple(f"land {n}" for n in range(SEGMENTS)),
) -> Path:
    """Write a fleet.

    Arguments:
        path (Path): the DuckDB file to make.
        monitors (int or list of str): how many, or their names.
        columns (int or list of str): how many features each has, or their names.
        days (int): how many days.
        segment (str), segment_values (list of str): a segment column and its values.
    Returns: the path.
    """
    monitor_names = (
        [f"model_{n:02d}" for n in range(monitors)] if isinstance(monitors, int) else list(monitors)
    )
    column_names = [f"feature_{n:03d}" for n in range(columns)] if isinstance(columns, int) else list(columns)
    end = START + timedelta(days=days)
    connection = duckdb.connect(str(path))
    run = connection.execute
    run("select setseed(0.5)")

    create_tables(connection)
    for name, values in (
        ("monitors", monitor_names),
        ("columns", column_names),
        ("segments", segment_values),
    ):
        rows = ", ".join(f"({n}, {quoted(value)})" for n, value in enumerate(values))
        run(f"create temp table {name}_of (n, name) as select * from (values {rows}) as listed")
    run(
        f"create temp table days_of as select range as n, {stamp(START)} + to_days(range::int) as day from range({days})"
    )
    run(
        f"""
        create temp table cells as
        select
            m.n as m, c.n as c, d.n as d, m.name as monitor, c.name as column_name, d.day as window_start,
                d.day + interval 1 day as window_end,
            m.n % 3 = 0 and c.n % 10 = 0 and d.n >= {days - 3} as is_far,
            c.n % 4 = 3 as is_category, random() as r1, random() as r2, random() as r3, random() as r4
        from monitors_of as m cross join columns_of as c cross join days_of as d
        """
    )
    run(
        f"""
        insert into ml_monitors by name
        select name as monitor, 'binary' as task, {quoted(OWNER)} as owner, 'UTC' as time_zone, {quoted(segment)} as segments,
            'labels, reference' as parts, 24 as label_horizon_hours, 10000 as baseline_day_rows, 'day, 28_days' as judged_windows
        from monitors_of
        """
    )
    run(
        """
        insert into ml_columns by name
        select m.name as monitor, c.name as column_name, 'feature' as column_role, 'numeric' as column_kind,
            'double' as data_type,
            'EUR' as unit, false as is_hard, false as is_personal
        from monitors_of as m cross join columns_of as c
        """
    )
    # A drifted column is far from its baseline; what else moves is noise.
    drift = """
        md5(concat_ws('|', monitor, column_name, window_start, segment_name, segment_value)) as drift_id, monitor,
            'day' as window_grain,
        window_start, window_end, 'serving' as baseline, '__all__' as model_version, segment_name, segment_value, column_name,
        'feature' as column_role, case when is_category then 'categorical' else 'numeric' end as column_kind,
            d < 28 as is_in_baseline,
        rows_of_day as row_count, 280000 as reference_rows, rows_of_day as current_rows, 20 as bin_count,
        case when is_far then 0.6 + 0.2 * r1 else 0.004 * r1 end as psi_excess, 0.003 + 0.001 * r2 as min_detectable,
            28 as baseline_windows,
        is_far as is_drift_detected,
        case when not is_category then 100 + c + r3 end as current_mean,
            case when not is_category then 100.5 + c end as reference_mean,
        case when d >= 28 and not is_category then 100.5 + c end as chart_center,
        case when d >= 28 and not is_category then 0.25 end as chart_scale, 0.002 * r4 as null_share
    """
    run(
        f"""
        insert into ml_drift by name
        select {drift} from (select *, '__all__' as segment_name, '__all__' as segment_value,
            9000 + (2000 * r4)::int as rows_of_day from cells)
        """
    )
    run(
        f"""
        insert into ml_drift by name
        select {drift} from (
            select cells.* replace (cells.r1 * (s.n + 1) / 5 as r1), {quoted(segment)} as segment_name,
                s.name as segment_value, 1800 + (400 * cells.r4)::int as rows_of_day
            from cells cross join segments_of as s
        )
        """
    )
    run(
        """
        insert into ml_data_quality by name
        select monitor, 'day' as window_grain, window_start, window_end, '__all__' as model_version, '__all__' as segment_name,
            '__all__' as segment_value, column_name, 'feature' as column_role,
            case when is_category then 'categorical' else 'numeric' end as column_kind, 9000 + (2000 * r4)::int as row_count,
            round(0.01 * r4, 4) as null_rate, case when not is_category then 80 + c + r1 end as p1,
            case when not is_category then 100 + c + r2 end as p50, case when not is_category then 120 + c + r3 end as p99
        from cells
        """
    )
    run(
        f"""
        insert into ml_histograms by name
        select monitor, 'day' as window_grain, window_start, window_end, '__all__' as model_version, '__all__' as segment_name,
            '__all__' as segment_value, column_name, case when is_category then 'categorical' else 'numeric' end as column_kind,
            (case when is_category then b + 1 else 2 * b + 2 end)::int as bin,
                case when is_category then 'category' else 'range' end as bin_kind,
            case when is_category then 'category ' || b else 'from ' || 5 * b || ' to ' || 5 * (b + 1) || ' EUR' end as bin_label,
            case when not is_category then 5.0 * b end as bin_low, case when not is_category then 5.0 * (b + 1) end as bin_high,
            400 + (200 * random())::int as row_count, 14000 + b as baseline_rows, 2500 + b as reference_rows
        from cells cross join range({BINS}) as bins (b)
        """
    )
    totals = "'day' as window_grain, '__all__' as model_version, '__all__' as segment_name, '__all__' as segment_value"
    daily = "from monitors_of as m cross join days_of as d"
    span = "m.name as monitor, d.day as window_start, d.day + interval 1 day as window_end"
    run(
        f"""
        insert into ml_volume by name
        select {span}, {totals}, 10000 + (500 * random())::int as logged_rows, 9900 + (500 * random())::int as current_rows,
            10000.0 as expected_rows, 0.01 * random() as duplicate_rate, 0.001 * random() as quarantine_rate,
                0.002 * random() as error_rate,
            20 + random() as latency_p50, 60 + 5 * random() as latency_p95, 110 + 9 * random() as latency_p99
        {daily}
        """
    )
    for grain in ("day", "hour"):
        run(
            f"""
            insert into ml_freshness by name
            select {span}, {totals.replace("'day'", quoted(grain))}, 1 + random() as ingest_lag_p50_minutes,
                4 + random() as ingest_lag_p95_minutes, 0.01 * random() as late_share,
                    d.day + interval 1436 minute as newest_event_time,
                d.day + interval 1438 minute as newest_ingest_time, 4.0 as event_age_minutes
            {daily}
            """
        )
    run(
        f"""
        insert into ml_join_cardinality by name
        select {span}, {totals}, 'customer' as join_name,
            case when m.n % 4 = 0 and d.n = {days - 1} then 0.1 else 0.999 end as match_rate {daily}
        """
    )
    run(
        f"""
        insert into ml_quality_score by name
        select m.name as monitor, 'inferences' as dataset, 'hour' as window_grain, d.day + to_hours(h::int) as window_start,
            0.99 + 0.01 * random() as quality_score
        {daily} cross join range(24) as hours (h)
        """
    )
    measures = ", ".join(
        f"({quoted(name)})"
        for name in ("auc", "accuracy", "precision", "recall", "f1", "log_loss", "label_coverage")
    )
    run(
        f"""
        insert into ml_performance_metrics by name
        select *, value - 0.02 as value_low, value + 0.02 as value_high
        from (
            select {span}, {totals}, measures.name as metric_name, 0.8 + 0.02 * random() as value, 0.5 as naive_value,
                0.81 as baseline_value,
                0.8 + 0.02 * random() as estimated_value, d.n < {days - 1} as is_mature
            {daily} cross join (values {measures}) as measures (name)
        )
        """
    )
    run(
        f"""
        insert into ml_runs by name
        select name as monitor, 'run ' || n as invocation_id, {stamp(end)} as recorded_at, {stamp(end)} as as_of,
            'new_hours' as run_case
        from monitors_of
        """
    )
    run(
        """
        insert into ml_policies by name
        select name as monitor, metric || '-day' as policy_id, metric, 'day' as window_grain, 'serving' as baseline,
            '__all__' as segment_name,
            '*' as subject, warn_above, fail_above, 500 as min_sample
        from monitors_of cross join (
            values ('psi', 0.05, 0.2), ('null_rate', 0.3, 0.5), ('mean_shift_sd', null, 5.0)
        ) as limits (metric, warn_above, fail_above)
        """
    )
    write_findings(connection, end)
    connection.close()
    return path


def stamp(moment: datetime) -> str:
    """A timestamp in SQL."""
    return f"timestamp '{moment}'"


def copy_checks(connection: duckdb.DuckDBPyConnection, target: str, where: str) -> None:
    """Copy checks to a table, with the columns that both have."""
    sql = "select column_name from information_schema.columns where table_name = ?"
    names = [
        {name for (name,) in connection.execute(sql, [table]).fetchall()} for table in ("ml_checks", target)
    ]
    shared = ", ".join(sorted(names[0] & names[1]))
    connection.execute(f"insert into {target} by name select {shared} from ml_checks where {where}")


def write_findings(connection: duckdb.DuckDBPyConnection, end: datetime) -> None:
    """Checks, gates, findings and incidents that follow from the other tables."""
    run = connection.execute
    names = "'__all__' as model_version, '__all__' as segment_name, '__all__' as segment_value"
    run(
        f"""
        insert into ml_checks by name
        select md5(drift_id || 'psi') as check_id, monitor, 'psi-day' as policy_id, 'drift' as category, 'psi' as metric,
            window_grain,
            window_start, window_end, window_end as available_at, baseline, {names}, column_name as subject,
            case when psi_excess > 0.2 then 'fail' else 'pass' end as status, false as is_repeat, psi_excess as value,
                0.2 as threshold,
            row_count as sample_size, {quoted(OWNER)} as owner,
            case when psi_excess > 0.2 then monitor || ' drift: ' || column_name || ' PSI ' || round(psi_excess,
                3) || ' is above 0.2 (day to '
                || window_end || ')' end as message,
            case when psi_excess > 0.2 then 'select log.* from ' || monitor || '__inferences_log as log where "'
                || column_name || '" > 0' end
                as rows_query
        from ml_drift where segment_name = '__all__'
        union all by name
        select md5(monitor || window_start || 'join') as check_id, monitor, 'join' as policy_id, 'quality' as category,
            'join_match_rate' as metric, window_grain, window_start, window_end, window_end as available_at,
                'none' as baseline, {names},
            join_name as subject, case when match_rate < 0.5 then 'fail' else 'pass' end as status, false as is_repeat,
                match_rate as value,
            0.5 as threshold, 10000 as sample_size, {quoted(OWNER)} as owner,
            case when match_rate < 0.5 then monitor || ' quality: ' || join_name
                || ' join match rate 10 % is below 50 % (day)' end as message,
            case when match_rate < 0.5 then 'select * from log where key is null' end as rows_query
        from ml_join_cardinality
        """
    )
    copy_checks(connection, "ml_gates", f"window_end > {stamp(end - timedelta(days=2))}")
    run(f"update ml_gates set as_of = {stamp(end)}")
    copy_checks(connection, "ml_findings", "status in ('warn', 'fail')")
    run(
        f"""
        insert into ml_incident_findings by name
        select md5(monitor || metric || subject) as incident_finding_id, md5(monitor || category) as incident_id, monitor,
            category, metric,
            subject, max(window_grain) as window_grain, max(baseline) as baseline, {names},
            subject = min(subject) over (partition by monitor, category) as is_cause, 'critical' as severity, 'fail' as status,
            min(window_start) as first_window_start, min(window_end) as opened_at, max(window_end) as last_seen_at,
                count(*) as windows,
            count(*) as failed_windows, 0 as flaps, max(value) as peak_value, 0.2 as threshold, arg_max(message,
                value) as message,
            arg_max(rows_query, value) as rows_query, {quoted(OWNER)} as owner,
            case when subject <> min(subject) over (partition by monitor,
                category) then 'Opened within a day of it.' end as explanation
        from ml_checks where status = 'fail' group by monitor, category, metric, subject
        """
    )
    run(
        """
        insert into ml_incidents by name
        select incident_id, monitor, owner, severity, 'open' as state,
            monitor || ': ' || metric || ' of ' || subject || ' fails' as title, category,
            metric, subject, window_grain, model_version, segment_name, segment_value, opened_at, last_seen_at, peak_value,
                threshold, windows,
            failed_windows, flaps,
            (select count(*) from ml_incident_findings as parts where parts.incident_id = cause.incident_id) as findings,
            message, rows_query, 'docs/gates/' || category || '.md' as runbook
        from ml_incident_findings as cause where is_cause
        """
    )


def main() -> None:
    """Write a fleet as the command line says."""
    parser = argparse.ArgumentParser(description="Fleet tables of any size in a DuckDB file.")
    parser.add_argument("path", type=Path)
    for name, default in (("monitors", 20), ("columns", 100), ("days", 90)):
        parser.add_argument(f"--{name}", type=int, default=default)
    args = parser.parse_args()
    print(build(args.path, args.monitors, args.columns, args.days))


if __name__ == "__main__":
    main()

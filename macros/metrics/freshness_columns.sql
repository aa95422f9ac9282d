{#- The columns of the group `freshness` of <m>__window_metrics. -#}
{% macro freshness_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['freshness_id', 'string', 'md5 of monitor, window_grain and window_start.'],
        'monitor', 'window_grain', 'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        ['current_rows', 'Rows of the window, without duplicates and quarantined ones.'],
        'late_rows',
        ['newest_event_time', 'timestamp', 'Newest event time up to the end of the window (UTC).'],
        ['newest_ingest_time', 'timestamp', 'Newest ingest time of the rows up to the end of the window (UTC).'],
        ['event_age_minutes', 'double', 'Minutes from newest_event_time to window_end, 0 or more.'],
        ['ingest_age_minutes', 'double', 'Minutes from newest_ingest_time to window_end, 0 or more.'],
        ['ingest_lag_p1_minutes', 'double', '1st percentile of the minutes from event to ingest, within about 3 %; NULL without rows.'],
        ['ingest_lag_p50_minutes', 'double', 'Median of the minutes from event to ingest, within about 3 %; NULL without rows.'],
        ['ingest_lag_p95_minutes', 'double', '95th percentile of the minutes from event to ingest, within about 3 %; NULL without rows.'],
        ['time_zone_shift_hours', 'double', 'Hours, in halves, that nearly all rows are late by, if it is the same number, 1 to 14; else '
            'NULL.'],
        ['late_share', 'bounded', 'late_rows / current_rows (0 to 1).'],
        ['longest_gap_hours', 'double', 'Longest run of hours without rows that touches the window, in hours; NULL in the window of the '
            'first row.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

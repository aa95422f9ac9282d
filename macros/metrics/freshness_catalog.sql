{#- The metrics of the group `freshness`: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro freshness_catalog(spec) %}
    {%- set age = {'model': 'freshness', 'category': 'freshness', 'unit': 'minutes', 'sample': '1'} -%}
    {%- set lag = dict(age, sample='current_rows', rows=ml_monitor.is_late(spec)) -%}
    {%- do return([
        dict(age, metric='event_age_minutes', label='age of the newest event',
            description='Age of the newest event when the window ended.'),
        dict(age, metric='ingest_age_minutes', label='age of the newest ingest',
            description='Time since anything arrived when the window ended.'),
        dict(lag, metric='ingest_lag_p95_minutes', label='p95 ingest lag',
            description='95th percentile of the time from event to ingest.'),
        dict(lag, metric='late_share', unit='share of rows', bounds=['low', 'high'],
            description='Share of rows that arrived later than the declared late_after_minutes.',
            detail='{part} of {sample} rows[, off by {time_zone_shift_hours:1} hours: a time zone?]'),
        dict(age, metric='longest_gap_hours', label='longest gap', unit='hours',
            description='Longest run of hours without rows that touches the window.'),
    ]) -%}
{% endmacro %}

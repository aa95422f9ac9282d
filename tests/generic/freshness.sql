{#-
  Fails when a table is stale, arrives late or has holes. Ages are measured at ML_AS_OF, or now.
  Arguments: ingest_column (string, optional), late_after_minutes (default 60), warn, fail: dicts of event_age_minutes,
    ingest_age_minutes, ingest_lag_p95_minutes, late_share (0 to 1), longest_gap_hours, each an upper limit; min_rows,
    group_by (list of columns, optional).
  Rows: status, metric, value, threshold, message: one per limit that is passed.
-#}
{% test freshness(
    model, column_name, ingest_column=none, late_after_minutes=60, warn=none, fail=none, min_rows=1, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{{ ml_monitor.limits_test(
    'freshness', ml_monitor.test_subject(model, column_name),
    ml_monitor.freshness(model, column_name, ingest_column, late_after_minutes, group_by),
    limits=[
        ['event_age_minutes', 'above'], ['ingest_age_minutes', 'above'], ['ingest_lag_p95_minutes', 'above'], ['late_share', 'above'],
        ['longest_gap_hours', 'above'],
    ],
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by
) }}
{% endtest %}

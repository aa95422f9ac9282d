{#-
  Fails when event times lie whole hours or half-hours (one hour at least) before or after ingest times: a local time taken for UTC.
  Arguments: ingest_column, usual_lag_minutes (default 0: ingest less event when all is well), tolerance_minutes (default 5), warn, fail:
    dicts of shift_hours (an upper limit on its size; 0 for any shift); min_rows (default 30: rows with both times), group_by (list of
    columns).
  Rows: status, metric, value, threshold, message: one per limit that is passed.
-#}
{% test time_zone_shift(
    model, column_name, ingest_column, usual_lag_minutes=0, tolerance_minutes=5, warn=none, fail=none, min_rows=30, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set shift = 'event times are {shift_hours:1} hours {shift_side} ingest'
    '; median lag {median_lag_minutes:1} minutes of {row_count} rows' -%}
{{ ml_monitor.limits_test(
    'time_zone_shift', ml_monitor.test_subject(model, column_name),
    ml_monitor.time_zone_shift(model, column_name, ingest_column, usual_lag_minutes, tolerance_minutes, group_by),
    limits=[['shift_hours', 'above', '{case when shift_hours > 0 then ' ~ ml_monitor.filled_text(shift) ~ ' end}']],
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by
) }}
{% endtest %}

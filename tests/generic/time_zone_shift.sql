{#-
  Fails when event times lie whole hours or half-hours (one hour at least) before or after ingest times: a local time taken for UTC.
  Arguments: ingest_column, usual_lag_minutes (default 0: ingest less event when all is well), tolerance_minutes (default 5),
    warn, fail: dicts of shift_hours (an upper limit on its size; 0 for any shift); min_rows (default 30: rows with both times), group_by (list of columns).
  Rows: status, metric, value, threshold, message: one per limit that is passed.
-#}
{% test time_zone_shift(model, column_name, ingest_column, usual_lag_minutes=0, tolerance_minutes=5, warn=none, fail=none, min_rows=30, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set text = ml_monitor.text_type() -%}
with

measured as (

    {{ ml_monitor.time_zone_shift(model, column_name, ingest_column, usual_lag_minutes, tolerance_minutes, group_by) | indent(4) }}

),

final as (
    {{ ml_monitor.judge_limits(
        values='measured', test='time_zone_shift', about=ml_monitor.test_subject(model, column_name), limits=[['shift_hours', 'above']],
        warn=warn, fail=fail, rows='row_count', min_rows=min_rows, group_by=group_by,
        detail="coalesce(case when shift_hours > 0 then ' (event times are ' || " ~ ml_monitor.number_text('shift_hours', 1) ~ " || ' hours ' || shift_side || ' ingest; median lag '"
            ~ " || " ~ ml_monitor.number_text('median_lag_minutes', 1) ~ " || ' minutes of ' || cast(row_count as " ~ text ~ ") || ' rows)' end, '')"
    ) }}

)

select * from final
{% endtest %}

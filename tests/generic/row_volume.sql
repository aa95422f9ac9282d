{#-
  Fails when the newest complete hours or days have too few or too many rows for their hour of the week, or none.
  Arguments: grain (`hour` or `day`, default hour), weeks (default 4), lookback (windows judged: default 24 hours, 1 day), time_zone
    (default UTC), warn, fail: dicts of row_ratio_low (a lower limit), row_ratio_high, missing_windows (upper limits); min_rows (default 20:
    windows with fewer expected rows are not judged), group_by (list of columns).
  Rows: status, metric, value, threshold, message: one per limit that is passed.
-#}
{% test row_volume(
    model, column_name, grain='hour', weeks=4, lookback=none, time_zone='UTC', warn=none, fail=none, min_rows=20, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set extremes = ', lowest {row_ratio_low:2} at {low_window}, highest {row_ratio_high:2} at {high_window}' -%}
{%- set judged = '{judged_windows} ' ~ grain ~ 's judged{coalesce(' ~ ml_monitor.filled_text(extremes) ~ ", '')}" -%}
{#- A table without an earlier week fails by its missing value; one whose windows are all small is not evaluated. -#}
{%- set rows -%}
case
            when row_count = 0 then 0
            when expected_rows is null then {{ ml_monitor.greatest_of(['row_count', min_rows]) }}
            when judged_windows = 0 then {{ ml_monitor.greatest_of([1, 'cast(floor(expected_rows) as int)']) }}
            else {{ [min_rows, 1] | max }}
        end
{%- endset -%}
{{ ml_monitor.limits_test(
    'row_volume', ml_monitor.test_subject(model, column_name),
    ml_monitor.row_volume(model, column_name, grain, weeks, lookback, time_zone, min_rows, group_by),
    limits=[['row_ratio_low', 'below'], ['row_ratio_high', 'above'], ['missing_windows', 'above']],
    detail="{case when expected_rows is null then 'no earlier week to compare with' else " ~ ml_monitor.filled_text(judged) ~ ' end}',
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by, rows=rows
) }}
{% endtest %}

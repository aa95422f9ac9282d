{#-
  Fails when rows per hour or day differ from a declared source of truth. A table without any row in the compared range fails.
  Arguments: time_column, to (relation), to_time_column (default the same), count_column (default: rows are counted), grain (`hour` or
    `day`, default hour), to_where (SQL condition on `to`), warn, fail: dicts of missing_share, surplus_share, unequal_windows (upper
    limits); min_rows (default 1: rows of the source of truth), group_by (list of columns of both).
  Rows: status, metric, value, threshold, message: one per limit that is passed.
-#}
{% test reconciliation(
    model, time_column, to, to_time_column=none, count_column=none, grain='hour', to_where=none, warn=none, fail=none, min_rows=1,
    group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{{ ml_monitor.limits_test(
    'reconciliation', ml_monitor.test_subject(model, time_column),
    ml_monitor.reconciliation(model, to, time_column, to_time_column, count_column, grain, to_where, group_by),
    limits=[['missing_share', 'above'], ['surplus_share', 'above'], ['unequal_windows', 'above']],
    detail='{row_count} rows, expected {expected_rows}, {unequal_windows} of {compared_windows} ' ~ grain ~ 's differ'
        ~ ', the most at {worst_window}',
    rows='case when row_count = 0 then 0 when expected_rows = 0 then row_count else expected_rows end',
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by
) }}
{% endtest %}

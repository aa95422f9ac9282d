{#-
  Fails when too much of a column is NULL. An empty table fails.
  Arguments: warn, fail (share of rows, 0 to 1), min_rows (default 1: fewer only warn), group_by (list of columns, optional).
  Rows: status, metric, value, threshold, message.
-#}
{% test null_rate(model, column_name, warn=none, fail=none, min_rows=1, group_by=none) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{{ ml_monitor.limits_test(
    'null_rate', ml_monitor.test_subject(model, column_name), ml_monitor.null_rate(model, column_name, group_by),
    limits=[['null_rate', 'above', '{null_count} of {row_count} rows']],
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by, is_plain=true
) }}
{% endtest %}

{#-
  Fails when a numeric column came to be in another unit than a reference: cents for euros, seconds for minutes, Fahrenheit for Celsius.
  Arguments: reference (relation), reference_column (default the column), warn, fail: dicts of unit_changed (an upper limit: 0);
    min_rows (default 100: finite values on either side), group_by (list of columns of both).
  Rows: status, metric, value, threshold, message, which names the conversion. Which ones: macro unit_conversions.
-#}
{% test unit_change(model, column_name, reference, reference_column=none, warn=none, fail=none, min_rows=100, group_by=none) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set medians = '{unit_change}: median {current_median:4} against {reference_median:4}, ' -%}
{{ ml_monitor.limits_test(
    'unit_change', ml_monitor.test_subject(model, column_name),
    ml_monitor.unit_change(model, reference, column_name, reference_column, group_by),
    limits=[['unit_changed', 'above', '{coalesce(' ~ ml_monitor.filled_text(medians) ~ ", '')}n {row_count} / {reference_rows}"]],
    rows=ml_monitor.least_of(['row_count', 'reference_rows']), warn=warn, fail=fail, min_rows=min_rows, group_by=group_by
) }}
{% endtest %}

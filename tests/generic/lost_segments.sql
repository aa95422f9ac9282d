{#-
  Fails when values of a column that a reference has are gone: a country, a plan, a device that no longer arrives.
  Arguments: reference (relation), reference_column (default the column), min_expected (default 20: rows to expect of a value before its
    absence counts), warn, fail: dicts of lost_share (0 to 1), lost_values (upper limits); min_rows (default 1: rows with a value), group_by
    (list of columns of both).
  Rows: status, metric, value, threshold, message: one per limit that is passed; the message lists up to five lost values.
-#}
{% test lost_segments(
    model, column_name, reference, reference_column=none, min_expected=20, warn=none, fail=none, min_rows=1, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set more = 'case when lost_values > 5 then ' ~ ml_monitor.filled_text(' and {lost_values - 5} more') ~ " else '' end" -%}
{%- set lost = '{lost_list}{' ~ more ~ '}; n {row_count} / {reference_rows}' -%}
{{ ml_monitor.limits_test(
    'lost_segments', ml_monitor.test_subject(model, column_name),
    ml_monitor.lost_segments(model, reference, column_name, reference_column, min_expected, group_by),
    limits=[['lost_share', 'above'], ['lost_values', 'above']],
    detail="{case when lost_values is null then 'no value has " ~ min_expected ~ " expected rows'"
        ~ ' when lost_values > 0 then ' ~ ml_monitor.filled_text(lost) ~ ' end}',
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by
) }}
{% endtest %}

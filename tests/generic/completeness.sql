{#-
  Fails when too much of a column is missing or filler, or too little of it differs.

  Arguments:
    kind (`numeric` or `categorical`, default numeric), default_value, reference, reference_column (see macro completeness)
    warn, fail (dicts): upper limits null_rate, nan_rate, zero_rate (numeric), empty_rate (categorical), default_rate (needs
      default_value), missing_rate, top_value_share, outside_reference_share (numeric, needs reference), unknown_share (needs reference);
      lower limits nonzero_rate (numeric), distinct_count
    min_rows (default 1: fewer only warn), group_by (list of columns, optional)
  Rows: status, metric, value, threshold, message: one per limit that is passed.
  Raises: a limit without the argument it needs, or of the other kind.
-#}
{% test completeness(
    model, column_name, kind='numeric', default_value=none, reference=none, reference_column=none, warn=none, fail=none, min_rows=1,
    group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set about = ml_monitor.test_subject(model, column_name) -%}
{%- do ml_monitor.require_arguments('completeness', about, warn, fail, [
    [['nan_rate', 'zero_rate', 'nonzero_rate', 'outside_reference_share'], kind != 'categorical', 'kind: numeric', 'kind: numeric'],
    [['empty_rate'], kind != 'numeric', 'kind: categorical', 'kind: categorical'],
    [['default_rate'], default_value is not none, 'default_value', 'default_value: -1'],
    [['outside_reference_share', 'unknown_share'], reference is not none, 'reference', "reference: ref('training')"],
]) -%}
{{ ml_monitor.limits_test(
    'completeness', about,
    ml_monitor.completeness(model, column_name, kind, default_value, reference, reference_column, group_by),
    limits=[
        ['null_rate', 'above', '{null_count} of {row_count} rows'],
        ['nan_rate', 'above', '{nan_count} of {row_count} rows'],
        ['empty_rate', 'above', '{empty_count} of {row_count} rows'],
        ['zero_rate', 'above', '{zero_count} of {row_count} rows'],
        ['default_rate', 'above', '{default_count} of {row_count} rows'],
        ['missing_rate', 'above', '{missing_count} of {row_count} rows'],
        ['top_value_share', 'above', '{top_value_count} of {value_count} rows with a value'],
        ['outside_reference_share', 'above', '{outside_reference_count} of {value_count} rows with a value'],
        ['unknown_share', 'above', '{unknown_count} of {value_count} rows with a value'],
        ['nonzero_rate', 'below', '{value_count - zero_count} of {row_count} rows'],
        ['distinct_count', 'below', '{value_count} of {row_count} rows have a value'],
    ],
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by
) }}
{% endtest %}

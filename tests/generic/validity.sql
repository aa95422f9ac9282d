{#-
  Fails when too much of a column breaks what is declared of it.

  Arguments:
    kind (`numeric` or `categorical`, default numeric), min, max, accepted_values, pattern, reference, reference_column (see macro validity)
    warn, fail (dicts): upper limits invalid_rate (needs min, max or accepted_values), new_value_rate (needs reference), pattern_rate
      (categorical, needs pattern), numeric_text_rate (categorical), infinite_rate, p50_high, p99 (numeric), clipped_share (numeric, needs
      min or max); lower limits p1, p50_low (numeric)
    min_rows (default 1: fewer rows with a value only warn), group_by (list of columns, optional)
  Rows: status, metric, value, threshold, message: one per limit that is passed.
  Raises: a limit without the argument it needs, or of the other kind.
-#}
{% test validity(
    model, column_name, kind='numeric', min=none, max=none, accepted_values=none, pattern=none, reference=none, reference_column=none,
    warn=none, fail=none, min_rows=1, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set about = ml_monitor.test_subject(model, column_name) -%}
{%- set has_range = min is not none or max is not none -%}
{%- do ml_monitor.require_arguments('validity', about, warn, fail, [
    [['infinite_rate', 'clipped_share', 'p1', 'p50_low', 'p50_high', 'p99'], kind != 'categorical', 'kind: numeric', 'kind: numeric'],
    [['pattern_rate', 'numeric_text_rate'], kind != 'numeric', 'kind: categorical', "kind: categorical, pattern: '^[A-Z]{3}$'"],
    [['invalid_rate'], accepted_values or kind != 'numeric' or has_range, 'min, max or accepted_values', 'min: 0, max: 120'],
    [['invalid_rate'], accepted_values or kind != 'categorical', 'accepted_values', 'kind: categorical, accepted_values: [a, b]'],
    [['new_value_rate'], reference is not none, 'reference', "reference: ref('training')"],
    [['pattern_rate'], pattern is not none, 'pattern', "kind: categorical, pattern: '^[A-Z]{3}$'"],
    [['clipped_share'], has_range, 'min or max', 'min: 0, max: 120'],
]) -%}
{%- set valued = '{value_count} of {row_count} rows have a value' -%}
{{ ml_monitor.limits_test(
    'validity', about,
    ml_monitor.validity(model, column_name, kind, min, max, accepted_values, pattern, reference, reference_column, group_by),
    limits=[
        ['invalid_rate', 'above', '{invalid_count} of {value_count} rows with a value'],
        ['new_value_rate', 'above', '{new_value_count} of {value_count} rows with a value'],
        ['pattern_rate', 'above', '{unmatched_count} of {value_count} rows with a value'],
        ['infinite_rate', 'above', '{infinite_count} of {value_count} rows with a value'],
        ['clipped_share', 'above', '{clipped_count} of {value_count} rows with a value'],
        ['numeric_text_rate', 'above', '{numeric_text_count} of {value_count} rows with a value'],
        ['p1', 'below', valued], ['p50_low', 'below', valued], ['p50_high', 'above', valued], ['p99', 'above', valued],
    ],
    values={'p50_low': 'p50', 'p50_high': 'p50'}, warn=warn, fail=fail, min_rows=min_rows, group_by=group_by, rows='value_count'
) }}
{% endtest %}

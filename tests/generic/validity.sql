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
{% test validity(model, column_name, kind='numeric', min=none, max=none, accepted_values=none, pattern=none, reference=none, reference_column=none, warn=none, fail=none, min_rows=1, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
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
{%- set details = {} -%}
{%- for limit, count in [
    ['invalid_rate', 'invalid'], ['new_value_rate', 'new_value'], ['pattern_rate', 'unmatched'], ['infinite_rate', 'infinite'],
    ['clipped_share', 'clipped'], ['numeric_text_rate', 'numeric_text'],
] -%}
    {%- do details.update({limit: ml_monitor.counts_text(count ~ '_count', 'value_count', 'rows with a value')}) -%}
{%- endfor -%}
{%- for limit in ['p1', 'p50_low', 'p50_high', 'p99'] -%}
    {%- do details.update({limit: ml_monitor.counts_text('value_count', 'row_count', 'rows have a value')}) -%}
{%- endfor -%}
with

measured as (

    {{ ml_monitor.validity(model, column_name, kind, min, max, accepted_values, pattern, reference, reference_column, group_by) | indent(4) }}

),

-- The median has a limit on either side.
measured_twice as (

    select
        *,
        p50 as p50_low,
        p50 as p50_high
    from measured

),

final as (
    {{ ml_monitor.judge_limits(
        values='measured_twice', test='validity', about=about,
        limits=[
            ['invalid_rate', 'above'], ['new_value_rate', 'above'], ['pattern_rate', 'above'], ['infinite_rate', 'above'], ['clipped_share', 'above'],
            ['numeric_text_rate', 'above'], ['p1', 'below'], ['p50_low', 'below'], ['p50_high', 'above'], ['p99', 'above'],
        ],
        warn=warn, fail=fail, rows='value_count', min_rows=min_rows, group_by=group_by, detail=details
    ) }}

)

select * from final
{% endtest %}

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
{% test completeness(model, column_name, kind='numeric', default_value=none, reference=none, reference_column=none, warn=none, fail=none, min_rows=1, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set about = ml_monitor.test_subject(model, column_name) -%}
{%- do ml_monitor.require_arguments('completeness', about, warn, fail, [
    [['nan_rate', 'zero_rate', 'nonzero_rate', 'outside_reference_share'], kind != 'categorical', 'kind: numeric', 'kind: numeric'],
    [['empty_rate'], kind != 'numeric', 'kind: categorical', 'kind: categorical'],
    [['default_rate'], default_value is not none, 'default_value', 'default_value: -1'],
    [['outside_reference_share', 'unknown_share'], reference is not none, 'reference', "reference: ref('training')"],
]) -%}
{%- set details = {'distinct_count': ml_monitor.counts_text('value_count', 'row_count', 'rows have a value')} -%}
{%- for limit in ['null_rate', 'nan_rate', 'empty_rate', 'zero_rate', 'default_rate', 'missing_rate'] -%}
    {%- do details.update({limit: ml_monitor.counts_text(limit.replace('rate', 'count'), 'row_count')}) -%}
{%- endfor -%}
{%- for limit in ['top_value_share', 'outside_reference_share', 'unknown_share'] -%}
    {%- do details.update({limit: ml_monitor.counts_text(limit.replace('share', 'count'), 'value_count', 'rows with a value')}) -%}
{%- endfor -%}
{%- do details.update({'nonzero_rate': ml_monitor.counts_text('value_count - zero_count', 'row_count')}) -%}
with

measured as (

    {{ ml_monitor.completeness(model, column_name, kind, default_value, reference, reference_column, group_by) | indent(4) }}

),

final as (
    {{ ml_monitor.judge_limits(
        values='measured', test='completeness', about=about,
        limits=[
            ['null_rate', 'above'], ['nan_rate', 'above'], ['empty_rate', 'above'], ['zero_rate', 'above'], ['default_rate', 'above'], ['missing_rate', 'above'],
            ['top_value_share', 'above'], ['outside_reference_share', 'above'], ['unknown_share', 'above'], ['nonzero_rate', 'below'], ['distinct_count', 'below'],
        ],
        warn=warn, fail=fail, rows='row_count', min_rows=min_rows, group_by=group_by, detail=details
    ) }}

)

select * from final
{% endtest %}

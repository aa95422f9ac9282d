{#-
  Fails when a join to another table loses or multiplies rows.
  Arguments: to (relation), keys (dict of this table's column -> the other's), warn, fail: dicts of match_rate (a lower limit),
    fan_out, duplicate_left_rows, duplicate_right_rows, null_key_rows (upper limits); min_rows,
    group_by (list of this table's columns, optional: keys repeat within their group).
  Rows: status, metric, value, threshold, message: one per limit that is passed; that of match_rate names a key without a partner.
  Raises: keys that are no dict.
-#}
{% test join_cardinality(model, to, keys, warn=none, fail=none, min_rows=1, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set text = ml_monitor.text_type() -%}
{%- set counts = "' (' || cast(rows_before as " ~ text ~ ") || ' rows become ' || cast(rows_after as " ~ text ~ ") || ', ' || cast(matched_rows as " ~ text ~ ") || ' found a partner" -%}
{%- set details = {'match_rate': counts ~ "' || coalesce(', none for ' || substr(first_unmatched, 1, 100), '') || ')'"} -%}
{%- for limit in ['fan_out', 'duplicate_left_rows', 'duplicate_right_rows', 'null_key_rows'] -%}{%- do details.update({limit: counts ~ ")'"}) -%}{%- endfor -%}
{%- do ml_monitor.raise_argument_faults(
    'join_cardinality', ml_monitor.test_subject(model), ml_monitor.dict_faults('keys', keys, '{customer_id: id}'), "{to: ref('customers'), keys: {customer_id: id}, fail: {match_rate: 0.99, fan_out: 1}}"
) -%}
with

measured as (

    {{ ml_monitor.join_cardinality(model, to, keys, group_by) | indent(4) }}

),

final as (
    {{ ml_monitor.judge_limits(
        values='measured', test='join_cardinality', about=ml_monitor.test_subject(model, keys.keys() | join(', ')),
        limits=[['match_rate', 'below'], ['fan_out', 'above'], ['duplicate_left_rows', 'above'], ['duplicate_right_rows', 'above'], ['null_key_rows', 'above']],
        warn=warn, fail=fail, rows='rows_before', min_rows=min_rows, group_by=group_by,
        detail=details
    ) }}

)

select * from final
{% endtest %}

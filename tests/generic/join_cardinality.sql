{#-
  Fails when a join to another table loses or multiplies rows.
  Arguments: to (relation), keys (dict of this table's column -> the other's), warn, fail: dicts of match_rate (a lower limit),
    fan_out, duplicate_left_rows, duplicate_right_rows, null_key_rows (upper limits); min_rows,
    group_by (list of this table's columns, optional: keys repeat within their group).
  Rows: status, metric, value, threshold, message: one per limit that is passed; that of match_rate names a key without a partner.
  Raises: keys that are no dict.
-#}
{% test join_cardinality(model, to, keys, warn=none, fail=none, min_rows=1, group_by=none) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- do ml_monitor.raise_argument_faults(
    'join_cardinality', ml_monitor.test_subject(model), ml_monitor.dict_faults('keys', keys, '{customer_id: id}'),
    "{to: ref('customers'), keys: {customer_id: id}, fail: {match_rate: 0.99, fan_out: 1}}"
) -%}
{%- set counts = '{rows_before} rows become {rows_after}, {matched_rows} found a partner' -%}
{{ ml_monitor.limits_test(
    'join_cardinality', ml_monitor.test_subject(model, keys.keys() | join(', ')), ml_monitor.join_cardinality(model, to, keys, group_by),
    limits=[
        ['match_rate', 'below', counts ~ "{coalesce(', none for ' || substr(first_unmatched, 1, 100), '')}"],
        ['fan_out', 'above', counts],
        ['duplicate_left_rows', 'above', counts],
        ['duplicate_right_rows', 'above', counts],
        ['null_key_rows', 'above', counts],
    ],
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by, rows='rows_before'
) }}
{% endtest %}

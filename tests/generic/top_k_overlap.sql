{#-
  Fails when the top of ranked lists differs from that in another table: recommendations of yesterday and today, or of two models.
  Arguments: to (relation), list_id, item (columns), rank (column: 1 is the best) or score (column: the highest is the best), k (default
    10), to_columns (dict of this table's column -> the other's), to_where (SQL condition on the rows of `to`), warn, fail: dicts of
    overlap, joined_rate (lower limits); min_rows (default 1: lists that are compared), group_by (list of columns of both).
  Rows: status, metric, value, threshold, message: one per limit that is passed.
-#}
{% test top_k_overlap(
    model, to, list_id, item, rank=none, score=none, k=10, to_columns=none, to_where=none, warn=none, fail=none, min_rows=1, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set about = ml_monitor.test_subject(model, list_id) -%}
{%- set ns = namespace(faults=[]) -%}
{%- if (rank is none) == (score is none) -%}
    {%- set found = 'neither rank nor score is given' if rank is none else 'both rank and score are given' -%}
    {%- set ns.faults = ns.faults + [found ~ '. Allowed: one of them'] -%}
{%- endif -%}
{%- if k is not integer or k is boolean or k < 1 -%}
    {%- set ns.faults = ns.faults + ['k is ' ~ k ~ '. Allowed: a whole number, 1 or more'] -%}
{%- endif -%}
{%- if to_columns is not none and to_columns is not mapping -%}
    {%- set ns.faults = ns.faults + ['to_columns is ' ~ to_columns ~ '. Allowed: a dict of this column: the other one'] -%}
{%- else -%}
    {%- for column in to_columns or {} if column not in [list_id, item, rank, score] -%}
        {%- set ns.faults = ns.faults + ['to_columns has ' ~ column ~ ', which is not one of list_id, item, rank, score: '
            ~ [list_id, item, rank or score] | join(', ')] -%}
    {%- endfor -%}
{%- endif -%}
{%- set example = "{to: ref('lists_of_yesterday'), list_id: customer_id, item: sku, score: score, k: 10, fail: {overlap: 0.5}}" -%}
{%- set faults = ns.faults + ml_monitor.limit_faults(warn, fail, ['overlap', 'joined_rate']) -%}
{%- do ml_monitor.raise_argument_faults('top_k_overlap', about, faults, example) -%}
{%- set lowest = ', lowest {lowest_overlap:2}' -%}
{{ ml_monitor.limits_test(
    'top_k_overlap', about, ml_monitor.top_k_overlap(model, to, list_id, item, rank, score, k, to_columns, to_where, group_by), limits=[],
    parts=[{'limits': [['overlap', 'below']], 'rows': 'joined_lists'}, {'limits': [['joined_rate', 'below']], 'rows': 'list_count'}],
    detail='top ' ~ k ~ ' of {joined_lists} of {list_count} lists{coalesce(' ~ ml_monitor.filled_text(lowest) ~ ", '')}",
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by
) }}
{% endtest %}

{#-
  What a join does to the rows of a relation, exact on raw rows; needs no pipeline.

  Arguments: relation, to (relation or `(select ...)`), keys (dict of left SQL name -> right SQL name), group_by (list of left SQL names,
    optional).
  Returns: a select of one row, or one for each group with its columns; a key repeats on the left within its group:
    rows_before, rows_after (of a left join), matched_rows, null_key_rows
    first_unmatched                             the first key without a partner, as text
    duplicate_left_rows, duplicate_right_rows   rows that repeat a key on that side
    match_rate                                  matched_rows / rows_before
    fan_out                                     rows_after / rows_before; above 1 the join multiplies rows
-#}
{% macro join_cardinality(relation, to, keys, group_by=none) %}
    {%- set groups = ml_monitor.groups(group_by) -%}
    {%- set right_keys = keys.values() | list -%}
    {%- set ns = namespace(left=[], right=[], pairs=[], texts=[], names=[]) -%}
    {%- for left, right in keys.items() -%}
        {%- set name = 'key_' ~ loop.index -%}
        {%- set ns.left = ns.left + [left ~ ' as ' ~ name] -%}
        {%- set ns.right = ns.right + [right ~ ' as ' ~ name] -%}
        {%- set ns.pairs = ns.pairs + ['l.' ~ name ~ ' = r.' ~ name] -%}
        {%- set ns.texts = ns.texts + ['cast(l.' ~ name ~ ' as ' ~ ml_monitor.text_type() ~ ')'] -%}
        {%- set ns.names = ns.names + ['l.' ~ name] -%}
    {%- endfor -%}
    {%- set has_key = ns.names | join(' is not null and ') ~ ' is not null' -%}
with

left_keys as (

    select {{ groups.inputs }}{{ ns.left | join(', ') }}, count(*) as row_count
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    group by {{ (ml_monitor.group_columns(group_by) + keys | list) | join(', ') }}

),

right_keys as (

    select {{ ns.right | join(', ') }}, count(*) as row_count
    from {{ ml_monitor.aliased(to, 'other_rows') }}
    where {{ right_keys | join(' is not null and ') }} is not null
    group by {{ right_keys | join(', ') }}

),

counted as (

    select
        {{ groups.columns | replace('group_', 'l.group_') }}coalesce(sum(l.row_count), 0) as rows_before,
        coalesce(sum(l.row_count * coalesce(r.row_count, 1)), 0) as rows_after,
        coalesce(sum(case when r.row_count is not null then l.row_count end), 0) as matched_rows,
        min(case when r.row_count is null then {{ ns.texts | join(" || ', ' || ") }} end) as first_unmatched,
        coalesce(sum(case when not ({{ has_key }}) then l.row_count end), 0) as null_key_rows,
        coalesce(sum(case when {{ has_key }} then l.row_count - 1 end), 0) as duplicate_left_rows
    from left_keys as l
    left join right_keys as r on {{ ns.pairs | join(' and ') }}
    {{- groups.by | replace('group_', 'l.group_') }}

),

{{ ml_monitor.final_measures('counted', group_by, [
    'rows_before', 'rows_after', 'matched_rows', 'first_unmatched', 'null_key_rows', 'duplicate_left_rows',
    ['duplicate_right_rows', '(select coalesce(sum(row_count - 1), 0) from right_keys)'],
    ['match_rate', 'matched_rows', 'rows_before'],
    ['fan_out', 'rows_after', 'rows_before'],
]) }}
{%- endmacro %}

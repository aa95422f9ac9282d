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
    {%- set groups = ml_monitor.group_columns(group_by) -%}
    {%- set left_keys = keys.keys() | list -%}
    {%- set right_keys = keys.values() | list -%}
with

left_keys as (

    select
        {%- for group in groups %}
        {{ group }} as group_{{ loop.index }},
        {%- endfor %}
        {%- for key in left_keys %}
        {{ key }} as key_{{ loop.index }},
        {%- endfor %}
        count(*) as row_count
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    group by {{ (groups + left_keys) | join(', ') }}

),

right_keys as (

    select
        {%- for key in right_keys %}
        {{ key }} as key_{{ loop.index }},
        {%- endfor %}
        count(*) as row_count
    from {{ ml_monitor.aliased(to, 'other_rows') }}
    where {{ right_keys | join(' is not null and ') }} is not null
    group by {{ right_keys | join(', ') }}

),

counted as (

    select
        {%- for group in groups %}
        l.group_{{ loop.index }} as {{ group }},
        {%- endfor %}
        coalesce(sum(l.row_count), 0) as rows_before,
        coalesce(sum(l.row_count * coalesce(r.row_count, 1)), 0) as rows_after,
        coalesce(sum(case when r.row_count is not null then l.row_count end), 0) as matched_rows,
        min(case when r.row_count is null then {% for key in left_keys %}cast(l.key_{{ loop.index }} as {{ ml_monitor.text_type() }}){{ " || ', ' || " if not loop.last }}{% endfor %} end) as first_unmatched,
        coalesce(sum(case when l.key_{{ range(1, left_keys | length + 1) | join(' is null or l.key_') }} is null then l.row_count end), 0) as null_key_rows,
        coalesce(sum(case when l.key_{{ range(1, left_keys | length + 1) | join(' is not null and l.key_') }} is not null then l.row_count - 1 end), 0) as duplicate_left_rows
    from left_keys as l
    left join right_keys as r on {% for key in left_keys %}l.key_{{ loop.index }} = r.key_{{ loop.index }}{{ ' and ' if not loop.last }}{% endfor %}
    {%- if groups %}
    group by l.{{ ml_monitor.group_aliases(groups) | join(', l.') }}
    {%- endif %}

),

final as (

    select
        counted.*,
        (select coalesce(sum(row_count - 1), 0) from right_keys) as duplicate_right_rows,
        {{ ml_monitor.ratio('matched_rows', 'rows_before') }} as match_rate,
        {{ ml_monitor.ratio('rows_after', 'rows_before') }} as fan_out
    from counted

)

select * from final
{%- endmacro %}

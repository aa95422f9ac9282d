{#-
  Counts of categorical columns by value: the counterpart of numeric_counts. Values are counted first and named after,
  so that the cost of naming does not grow with the rows.

  Arguments: as numeric_counts; `grid` is the relation <m>__grid.
  Returns: the same columns; slot is the rank of the value in the grid, 0 for `__other__`, -1 for NULL; cell is 0. numeric_text_count is
  of values that are not in the grid: a column of codes such as 08540 is none.
-#}
{% macro category_counts(relation, grid, keys, columns) %}
    {%- set text = ml_monitor.text_type() %}
    {%- for column in columns %}
    select
        {{ keys | join(', ') }},
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        case when v.value is null then -1 else coalesce(c.category_rank, 0) end as slot,
        0 as cell,
        case when v.value is null then null else coalesce(c.category, '__other__') end as category,
        cast(sum(v.row_count) as bigint) as row_count,
        {{ ml_monitor.float64(0) }} as z_sum,
        {{ ml_monitor.float64(0) }} as z_squared_sum,
        cast(sum(case when v.value = '0' then v.row_count else 0 end) as bigint) as zero_count,
        cast({{ 'sum(case when v.value = ' ~ ml_monitor.string_literal(column.default_value) ~ ' then v.row_count else 0 end)' if column.default_value is not none else 0 }} as bigint) as default_count,
        cast({{ 'sum(case when ' ~ ml_monitor.is_unaccepted('v.value', column) ~ ' then v.row_count else 0 end)' if column.accepted_values or column.pattern else 0 }} as bigint) as invalid_count,
        cast(sum(case when {{ ml_monitor.is_empty_text('v.value') }} then v.row_count else 0 end) as bigint) as empty_count,
        cast(0 as bigint) as clipped_count,
        cast({{ 'sum(case when c.category is null and ' ~ ml_monitor.is_numeric_text('v.value') ~ ' then v.row_count else 0 end)' if ml_monitor.is_text_type(column.data_type) else 0 }} as bigint) as numeric_text_count
    from (
        select
            {{ keys | join(', ') }},
            cast({{ column.source_sql }} as {{ text }}) as value,
            count(*) as row_count
        from {{ relation }}
        group by {{ keys | join(', ') }}, {{ column.source_sql }}
    ) as v
    left join {{ ml_monitor.aliased(grid, 'c') }}
        on
            c.column_name = {{ ml_monitor.string_literal(column.name) }}
            and c.category = {{ ml_monitor.category('v.value') }}
    group by
        {{ keys | join(', ') }},
        case when v.value is null then -1 else coalesce(c.category_rank, 0) end,
        case when v.value is null then null else coalesce(c.category, '__other__') end
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{#- The counts of a profile row beside row_count: what data_quality turns into rates. -#}
{% macro profile_flags() %}
    {%- do return(['zero_count', 'default_count', 'invalid_count', 'empty_count', 'clipped_count', 'numeric_text_count']) -%}
{% endmacro %}

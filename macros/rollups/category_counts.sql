{#-
  Counts of categorical columns by value: the counterpart of numeric_counts. Values are counted first and named after,
  so that the cost of naming does not grow with the rows.

  Arguments: as numeric_counts; `categories` is the relation <m>__grid_categories.
  Returns: the same columns; slot is the rank of the value in the grid, 0 for `__other__`, -1 for NULL; cell is 0.
-#}
{% macro category_counts(relation, categories, keys, columns) %}
    {%- set text = dbt.type_string() %}
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
        cast(sum(case when v.value in ('', '0') then v.row_count else 0 end) as bigint) as zero_count,
        cast({{ 'sum(case when v.value = ' ~ ml_monitor.string_literal(column.default_value) ~ ' then v.row_count else 0 end)' if column.default_value is not none else 0 }} as bigint) as default_count,
        cast({{ 'sum(case when v.value not in (' ~ ml_monitor.string_list(column.accepted_values) ~ ') then v.row_count else 0 end)' if column.accepted_values else 0 }} as bigint) as invalid_count
    from (
        select
            {{ keys | join(', ') }},
            cast({{ column.source_sql }} as {{ text }}) as value,
            count(*) as row_count
        from {{ relation }}
        group by {{ keys | join(', ') }}, {{ column.source_sql }}
    ) as v
    left join {{ ml_monitor.aliased(categories, 'c') }}
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


{#- A list of values as SQL string literals. -#}
{% macro string_list(values) %}
    {%- set ns = namespace(literals=[]) -%}
    {%- for value in values -%}{%- set ns.literals = ns.literals + [ml_monitor.string_literal(value)] -%}{%- endfor -%}
    {%- do return(ns.literals | join(', ')) -%}
{% endmacro %}

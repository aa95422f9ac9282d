{#-
  Counts of numeric columns by slot and cell: the additive heart of the profile.

  The rows are read once, each beside each column. DuckDB counts a whole log by one grouped scan per column, which takes 0.7 times the CPU
  time (docs/decisions/0009-one-scan-per-column-on-duckdb.md); the few rows of a later run are read once there too, since the plan is
  half as large. Both variants apply the same expressions.

  Arguments:
    relation (relation or CTE name), grid (relation: <m>__grid), keys (list of SQL names to group by),
    columns (list of monitored columns), with_cells (boolean: false counts by slot only), few (boolean: the relation has few rows)
  Returns: a select with the keys, column_name, slot, cell, category and example (null), row_count, z_sum, z_squared_sum, zero_count,
  default_count, invalid_count, empty_count, clipped_count, numeric_text_count (the last is 0 for numbers, as is empty_count).
-#}
{% macro numeric_counts(relation, grid, keys, columns, with_cells=true, few=false) %}
    {{- adapter.dispatch('numeric_counts', 'ml_monitor')(relation, grid, keys, columns, with_cells, few) -}}
{% endmacro %}

{% macro default__numeric_counts(relation, grid, keys, columns, with_cells, few) %}
    select
        {{ keys | join(', ') }},
        column_name,
        slot,
        {{ 'cell' if with_cells else '0' }} as cell,
        cast(null as {{ ml_monitor.text_type() }}) as category,
        cast(null as {{ ml_monitor.text_type() }}) as example,
        {{ ml_monitor.profile_measures() }}
    from (
        select
            placed.*,
            case when edges = 20 then {{ ml_monitor.numeric_cell('z', 2048) }} else {{ ml_monitor.numeric_cell('z') }} end as cell
        from (
            select
                u.{{ keys | join(', u.') }},
                u.column_name,
                u.edges,
                {{ ml_monitor.standardised('u.x', 'g.center', 'g.scale') }} as z,
                case
                    when u.edges = 20 then {{ ml_monitor.numeric_slot('u.x', 'g', 20) }}
                    else {{ ml_monitor.numeric_slot('u.x', 'g', 11) }}
                end as slot,
                case when u.x = 0 then 1 else 0 end as zero_flag,
                case when u.x = u.default_value then 1 else 0 end as default_flag,
                case when u.x < u.minimum or u.x > u.maximum and u.x <> {{ ml_monitor.float64("'NaN'") }} then 1 else 0 end as invalid_flag,
                case when u.x = u.minimum or u.x = u.maximum then 1 else 0 end as clipped_flag
            from (
                select
                    r.{{ keys | join(', r.') }},
                    c.ml_column_name as column_name,
                    c.ml_edges as edges,
                    c.ml_default_value as default_value,
                    c.ml_minimum as minimum,
                    c.ml_maximum as maximum,
                    case c.ml_column
                        {%- for column in columns %}
                        when {{ loop.index }} then {{ ml_monitor.float64(column.source_sql) }}
                        {%- endfor %}
                    end as x
                from {{ relation }} as r
                {#- The prefix, because columns of the user are read beside these. #}
                cross join (
                    {%- for column in columns %}
                    select
                        {{ loop.index }} as ml_column,
                        {{ ml_monitor.string_literal(column.name) }} as ml_column_name,
                        {{ column.edges }} as ml_edges,
                        {{ ml_monitor.number_or_null(column.default_value) }} as ml_default_value,
                        {{ ml_monitor.number_or_null(column.min) }} as ml_minimum,
                        {{ ml_monitor.number_or_null(column.max) }} as ml_maximum
                    {%- if not loop.last %}
                    union all
                    {%- endif %}
                    {%- endfor %}
                ) as c
            ) as u
            left join {{ ml_monitor.aliased(grid, 'g') }} on u.column_name = g.column_name
            where {{ ml_monitor.has_place('u.x', 'g') }}
        ) as placed
    ) as celled
    group by {{ keys | join(', ') }}, column_name, slot{{ ', cell' if with_cells }}
{%- endmacro %}

{% macro duckdb__numeric_counts(relation, grid, keys, columns, with_cells, few) %}
    {%- if few -%}
        {{- ml_monitor.default__numeric_counts(relation, grid, keys, columns, with_cells, few) -}}
    {%- else -%}
    {%- for column in columns %}
    select
        {{ keys | join(', ') }},
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        slot,
        {{ ml_monitor.numeric_cell('z', 2048 if column.edges == 20 else 1024) if with_cells else '0' }} as cell,
        cast(null as {{ ml_monitor.text_type() }}) as category,
        cast(null as {{ ml_monitor.text_type() }}) as example,
        {{ ml_monitor.profile_measures(column.default_value is not none, column.min is not none or column.max is not none) }}
    from (
        select
            {{ keys | join(', ') }},
            {{ ml_monitor.standardised('x', 'g.center', 'g.scale') }} as z,
            {{ ml_monitor.numeric_slot('x', 'g', column.edges) }} as slot,
            {%- if column.default_value is not none %}
            case when x = {{ ml_monitor.float64(column.default_value) }} then 1 else 0 end as default_flag,
            {%- endif %}
            {%- if column.min is not none or column.max is not none %}
            case when {{ ml_monitor.is_outside('x', column.min, column.max) }} then 1 else 0 end as invalid_flag,
            case when {{ ml_monitor.is_clipped('x', column.min, column.max) }} then 1 else 0 end as clipped_flag,
            {%- endif %}
            case when x = 0 then 1 else 0 end as zero_flag
        from (select {{ keys | join(', ') }}, {{ ml_monitor.float64(column.source_sql) }} as x from {{ relation }}) as r
        {#- Always one row, of NULLs if the grid has no such column: the join stays a cross join, which costs nothing. #}
        cross join (
            select grid.*
            from (select 1 as one) as always
            left join {{ ml_monitor.aliased(grid, 'grid') }} on grid.column_name = {{ ml_monitor.string_literal(column.name) }}
        ) as g
        where {{ ml_monitor.has_place('x', 'g') }}
    ) as placed
    group by all
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endif %}
{%- endmacro %}


{#-
  Whether a value can be counted: NULL, NaN and infinite ones always, since their slots need no edges; finite ones once the grid has
  their column. It may get it in a later run only, if all values were missing before. Arguments: x (SQL), grid (alias). Returns: SQL.
-#}
{% macro has_place(x, grid) -%}
({{ grid }}.column_name is not null or not coalesce({{ x }} between -1e100 and 1e100, false))
{%- endmacro %}


{#-
  The additive measures of a profile row, over z and the flags; a count that is always 0 is not summed.
  Arguments: has_default, has_range (boolean): whether any column declares a default value, or limits.
-#}
{% macro profile_measures(has_default=true, has_range=true) -%}
{%- set flags = ['zero_flag'] + (['default_flag'] if has_default else []) + (['invalid_flag', 'clipped_flag'] if has_range else []) -%}
cast(count(*) as bigint) as row_count,
        coalesce(sum(z), 0) as z_sum,
        coalesce(sum(z * z), 0) as z_squared_sum,
        {%- for name in ml_monitor.profile_flags() %}
        {%- set flag = name.replace('_count', '_flag') %}
        cast({{ 'sum(' ~ flag ~ ')' if flag in flags else 0 }} as bigint) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}

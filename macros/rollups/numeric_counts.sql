{#-
  Counts of numeric columns by slot and cell: the additive heart of the profile.

  The rows are read once, each beside each column. One grouped scan per column is no faster, on DuckDB either, and takes long to plan.

  Arguments:
    relation (relation or CTE name), grid (relation: <m>__grid), keys (list of SQL names to group by),
    columns (list of monitored columns), with_cells (boolean: false counts by slot only)
  Returns: a select with the keys, column_name, slot, cell, category (null), row_count, z_sum, z_squared_sum, zero_count,
  default_count, invalid_count, empty_count, clipped_count, numeric_text_count (the last is 0 for numbers, as is empty_count).
-#}
{% macro numeric_counts(relation, grid, keys, columns, with_cells=true) %}
    select
        {{ keys | join(', ') }},
        column_name,
        slot,
        {{ 'cell' if with_cells else '0' }} as cell,
        cast(null as {{ ml_monitor.text_type() }}) as category,
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


{#-
  Whether a value can be counted: NULL, NaN and infinite ones always, since their slots need no edges; finite ones once the grid has
  their column. It may get it in a later run only, if all values were missing before. Arguments: x (SQL), grid (alias). Returns: SQL.
-#}
{% macro has_place(x, grid) -%}
({{ grid }}.column_name is not null or not coalesce({{ x }} between -1e100 and 1e100, false))
{%- endmacro %}


{#- The additive measures of a profile row, over z and the flags. -#}
{% macro profile_measures() -%}
cast(count(*) as bigint) as row_count,
        coalesce(sum(z), 0) as z_sum,
        coalesce(sum(z * z), 0) as z_squared_sum,
        {%- for name in ml_monitor.profile_flags() %}
        cast({{ 0 if name in ['empty_count', 'numeric_text_count'] else 'sum(' ~ name.replace('_count', '_flag') ~ ')' }} as bigint)
            as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}

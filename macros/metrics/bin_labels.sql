{#-
  What a bin holds, in words, as the CTE `bin_labels` (column_name, bin, label): a category, one value, or a range.
  Arguments: grid (relation: <m>__grid).
-#}
{% macro bin_labels(grid) -%}
{%- set low, high = ml_monitor.number_text('low'), ml_monitor.number_text('high') -%}
grid_edges as (

    select
        column_name,
        edge_number,
        edge as low,
        lead(edge) over (partition by column_name order by edge_number) as high
    from (
        select
            grid.column_name,
            edges.edge_number,
            case edges.edge_number
                {%- for k in range(20) %}
                {{- '\n                ' if loop.index0 is divisibleby 5 else ' ' }}when {{ k }} then grid.edge_{{ '%02d' % k }}
                {%- endfor %}
            end as edge
        from {{ ml_monitor.aliased(grid, 'grid') }}
        cross join (values {% for k in range(20) %}({{ k }}){{ ', ' if not loop.last }}{% endfor %}) as edges (edge_number)
    ) as numbered
    where edge < {{ ml_monitor.float64("'Infinity'") }}

),

-- Bin 2k + 1 equals edge k, bin 2k + 2 is above it, bin 0 is below the first.
bin_labels as (

    select column_name, category_rank as bin, category as label from {{ grid }} where category is not null
    union all
    select distinct column_name, -99 as bin, 'all other values' as label from {{ grid }}
    union all
    select
        column_name,
        2 * edge_number + place as bin,
        case
            when place = 0 then 'below ' || {{ low }}
            when place = 1 then {{ low }}
            when high is null then 'above ' || {{ low }}
            else {{ low }} || ' to ' || {{ high }}
        end as label
    from grid_edges
    cross join (values (0), (1), (2)) as places (place)
    where place > 0 or edge_number = 0

),
{%- endmacro %}

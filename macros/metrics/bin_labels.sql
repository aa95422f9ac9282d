{#-
  What a bin holds, in words, as the CTE `bin_labels` (column_name, bin, label): a category, one value, or a range; the number of the bin
  where the column is personal data. Arguments: spec (dict of monitor_spec).
-#}
{% macro bin_labels(spec) -%}
{%- set grid = ref(spec.name ~ '__grid') -%}
{%- set personal = ml_monitor.monitored_columns(spec) | selectattr('personal') | map(attribute='name') | list -%}
{%- set is_personal = 'column_name in (' ~ ml_monitor.string_list(personal) ~ ')' -%}
{%- set low, high = ml_monitor.number_text('low'), ml_monitor.number_text('high') -%}
{%- set bin = 'case when place = -1 then -99 when category is not null then category_rank else 2 * edge_number + place end' -%}
-- A column's edges one below the other, with the next one; a category is a row of its own.
grid_edges as (

    select
        column_name,
        category_rank,
        {{ ('case when ' ~ is_personal ~ " then 'bin ' || cast(category_rank as " ~ ml_monitor.text_type() ~ ') else category end')
            if personal else 'category' }} as category,
        edge_number,
        edge as low,
        lead(edge) over (partition by column_name, category order by edge_number) as high
    from (
        select
            grid.column_name,
            grid.category,
            grid.category_rank,
            edges.edge_number,
            {{ ml_monitor.edge_of_number('grid', 'edges.edge_number') | indent(12) }} as edge
        from {{ ml_monitor.aliased(grid, 'grid') }}
        cross join (values {% for k in range(20) %}({{ k }}){{ ', ' if not loop.last }}{% endfor %}) as edges (edge_number)
    ) as numbered
    where edge < {{ ml_monitor.float64("'Infinity'") }} or (category is not null and edge_number = 0)

),

-- Bin 2k + 1 equals edge k, bin 2k + 2 is above it, bin 0 is below the first, and -99 is the rest.
bin_labels as (

    select
        column_name,
        {{ bin }} as bin,
        case
            when place = -1 then 'all other values'
            when category is not null then category
            {%- if personal %}
            when {{ is_personal }} then 'bin ' || cast({{ bin }} as {{ ml_monitor.text_type() }})
            {%- endif %}
            when place = 0 then 'below ' || {{ low }}
            when place = 1 then {{ low }}
            when high is null then 'above ' || {{ low }}
            else {{ low }} || ' to ' || {{ high }}
        end as label
    from grid_edges
    cross join (values (-1), (0), (1), (2)) as places (place)
    where
        (place = -1 and edge_number = 0 and coalesce(category_rank, 1) = 1)
        or (place = 0 and edge_number = 0)
        or (place > 0 and category is null)

),
{%- endmacro %}

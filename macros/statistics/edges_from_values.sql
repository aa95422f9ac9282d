{#-
  Frozen edges of numeric columns from their values: minimum, quantiles and maximum, each a real value found by its rank,
  as percentile_disc defines it, so that every engine finds the same.

  Arguments: values (CTE name): column_name, steps (edges less one), value (finite, 64-bit float).
  CTEs: ranked (column_name, steps, value, rank_number, row_count) and edges (column_name, edge_00 ... edge_19, NULL beyond the last).
  Source: STATISTICS, "Counting".
-#}
{% macro edges_from_values(values) -%}
{%- set rank = ml_monitor.rank_of('edge_numbers.edge_number', 'ranked.steps', 'ranked.row_count') -%}
ranked as (

    select
        column_name,
        steps,
        value,
        row_number() over (partition by column_name order by value) as rank_number,
        count(*) over (partition by column_name) as row_count
    from {{ values }}

),

edge_numbers as (

    {% for k in range(20) %}select {{ k }} as edge_number{{ ' union all ' if not loop.last }}{% endfor %}

),

edges as (

    select
        ranked.column_name,
        {%- for k in range(20) %}
        max(case when edge_numbers.edge_number = {{ k }} then ranked.value end) as edge_{{ '%02d' % k }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ranked
    inner join edge_numbers
        on
            edge_numbers.edge_number <= ranked.steps
            and ranked.rank_number = {{ ml_monitor.greatest_of([1, rank]) }}
    group by ranked.column_name

),
{%- endmacro %}

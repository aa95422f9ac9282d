{#-
  Frozen edges of numeric columns from their values: minimum, quantiles and maximum, each a real value found by its rank,
  as percentile_disc defines it, so that every engine finds the same.

  Arguments: values (CTE name): column_name, steps (edges less one), value (finite, 64-bit float); quartiles (dict of column name -> which
    quartile, 1 to 3), for `edges`, too.
  CTEs: ranked (column_name, steps, value, rank_number, row_count) and edges (column_name, edge_00 ... edge_19, NULL beyond the last,
    row_count).
  Source: STATISTICS, "Counting".
-#}
{% macro edges_from_values(values, quartiles={}) -%}
{%- set rank = ml_monitor.rank_of('numbers.number', 'coalesce(numbers.parts, ranked.steps)', 'ranked.row_count') -%}
{%- set no_parts = 'cast(null as int)' -%}
ranked as (

    select
        column_name,
        steps,
        value,
        row_number() over (partition by column_name order by value) as rank_number,
        count(*) over (partition by column_name) as row_count
    from {{ values }}

),

-- Which quantiles: number / parts, and of the edges number / steps.
quantile_numbers as (

    {% for k in range(20) %}select {{ k }} as number, {{ no_parts if loop.first else 'null' }} as parts{{ ' union all ' if not loop.last }}
    {%- endfor %}
    {%- for k in quartiles.values() %} union all select {{ k }}, 4{% endfor %}

),

edges as (

    select
        ranked.column_name,
        {%- for name, k in quartiles.items() %}
        max(case when numbers.parts = 4 and numbers.number = {{ k }} then ranked.value end) as {{ name }},
        {%- endfor %}
        {%- for k in range(20) %}
        max(case when numbers.parts is null and numbers.number = {{ k }} then ranked.value end) as edge_{{ '%02d' % k }},
        {%- endfor %}
        max(ranked.row_count) as row_count
    from ranked
    inner join quantile_numbers as numbers
        on
            (numbers.parts is not null or numbers.number <= ranked.steps)
            and ranked.rank_number = {{ ml_monitor.greatest_of([1, rank]) }}
    group by ranked.column_name

),
{%- endmacro %}

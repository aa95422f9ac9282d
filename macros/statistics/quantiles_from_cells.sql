{#-
  Quantiles of a numeric column from its counts by slot and cell: the mean of the cell that holds the row of that rank.
  At most one cell (about 3 %) from the exact value.

  Arguments:
    counts (CTE name): keys, slot, cell, row_count, z_sum; one row per key, slot and cell; finite values only (slot >= 0)
    keys (list of column names), quantiles (dict of column name -> number between 0 and 1), name (string): the CTE to make
    order_by (SQL): rising values; more than slot and cell where a cell may have several rows
  CTE: <name> with the keys and the quantiles (standardised)
-#}
{% macro quantiles_from_cells(counts, keys, quantiles, name, order_by='slot, cell') -%}
{%- set by_key = keys | join(', ') -%}
{%- set up_to = 'order by ' ~ order_by ~ ' rows between unbounded preceding and current row' -%}
{{ name }}_ranked as (

    select
        {{ by_key }},
        z_sum / row_count as z_value,
        row_count,
        sum(row_count) over (partition by {{ by_key }} {{ up_to }}) as rows_up_to,
        sum(row_count) over (partition by {{ by_key }}) as total_rows
    from {{ counts }}

),

{{ name }} as (

    select
        {{ by_key }},
        {%- for column, share in quantiles.items() %}
        {%- set rank = share ~ ' * total_rows' %}
        max(case when rows_up_to >= {{ rank }} and rows_up_to - row_count < {{ rank }} then z_value end) as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ name }}_ranked
    group by {{ by_key }}

),
{%- endmacro %}

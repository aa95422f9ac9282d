{#-
  The counts of a clock of the service (time from event to ingest, latency) by slot and cell in each window, as a CTE for
  quantiles_from_cells: totals, from <m>__hourly_profile. A day also has the counts that were folded into it.

  Arguments: spec, name (string: the CTE to make), column (string: name of the monitored column), windows (CTE name: with window_grain hour
    or day, window_start), keys (list of columns of `windows` that are kept).
-#}
{% macro clock_cells(spec, name, column, windows, keys) -%}
{%- set grains = ['hour', 'day'] -%}
{%- set kept = 'w.' ~ keys | join(', w.') -%}
{{ name }} as (

    select
        {{ kept.replace(', ', ',\n        ') }},
        p.slot,
        p.cell,
        sum(p.row_count) as row_count,
        sum(p.z_sum) as z_sum
    from {{ ml_monitor.aliased(ref(spec.name ~ '__hourly_profile'), 'p') }}
    cross join {{ ml_monitor.grains(grains) }} as grains
    inner join {{ windows }} as w
        on grains.window_grain = w.window_grain and {{ ml_monitor.grain_start('p.window_start', grains) }} = w.window_start
    where
        p.column_name = {{ ml_monitor.string_literal(column) }}
        and p.segment_name = '__all__'
        and p.slot >= 0
        and (grains.window_grain = 'day' or p.window_grain = 'hour')
    group by {{ kept }}, p.slot, p.cell

),
{%- endmacro %}

{#-
  The CTE `markers` (window_grain, window_start, row_count): each rebuilt hour, and each rebuilt day, has one row of its own, so that an
  emptied one is replaced too. Arguments: rows (CTE name: what row_count of an hour counts, else 0), grains (list: hour, day), hour (string:
  the column of `rows` that has the hour).
-#}
{% macro hour_markers(rows=none, grains=['hour', 'day'], hour='hour') -%}
-- Each rebuilt hour and day has one row of its own, so that an emptied one is replaced too.
markers as (

    select
        grains.window_grain,
        {{ ml_monitor.grain_start('touched_hours.hour', grains) }} as window_start,
        {{ "max(case grains.window_grain when 'hour' then coalesce(counted.row_count, 0) else 0 end)" if rows else 0 }} as row_count
    from touched_hours
    cross join {{ ml_monitor.grains(grains) }} as grains
    {%- if rows %}
    left join (select {{ hour }}, count(*) as row_count from {{ rows }} group by {{ hour }}) as counted
        on touched_hours.hour = counted.{{ hour }}
    {%- endif %}
    group by grains.window_grain, {{ ml_monitor.grain_start('touched_hours.hour', grains) }}

),
{%- endmacro %}

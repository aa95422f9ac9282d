{#-
  The group `join_cardinality` of <m>__window_metrics: what each declared join does to the rows, per hour and day.

  Arguments: spec (dict of monitor_spec).
  Returns: CTEs ending in `join_cardinality_windows`, the windows to write. Columns: join_cardinality_columns; counts are rows; match_rate
  is matched_rows / rows_before (99.9 % Wilson bounds), fan_out is rows_after / rows_before of a left join (1 when nothing multiplies).
-#}
{% macro join_cardinality_windows(spec) -%}
    {%- set rollup = ref(spec.name ~ '__hourly_joins') -%}
    {%- set grains = ['hour', 'day'] -%}
    {%- set counts = ml_monitor.join_counts() -%}
    {%- set is_group = "built.metric_group = 'join_cardinality'" -%}
{{ ml_monitor.rollup_windows(rollup, 'rows_before', grains, prefix='join_') }}

counted_joins as (

    select
        grains.window_grain,
        {{ ml_monitor.grain_start('r.window_start', grains) }} as window_start,
        r.join_name,
        {%- for name in counts %}
        sum(r.{{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ml_monitor.aliased(rollup, 'r') }}
    cross join {{ ml_monitor.grains(grains) }} as grains
    group by grains.window_grain, {{ ml_monitor.grain_start('r.window_start', grains) }}, r.join_name

),

join_cardinality_windows as (

    select windows.window_grain, windows.window_start, windows.window_end
    from join_windows as windows
    {%- if ml_monitor.is_incremental() %}
    where
        {{ ml_monitor.is_touched(ml_monitor.declaration_hash(spec, 'join_cardinality'), is_group) | indent(8) }}
        {#- Labels that come later, and another lookup, change the counts of hours whose predictions, and so their batch, stay. #}
        or exists (
            select 1
            from counted_joins as counted
            inner join {{ this }} as built
                on counted.window_grain = built.window_grain and counted.window_start = built.window_start
                    and counted.join_name = built.join_name
            where
                {{ is_group }}
                and counted.window_grain = windows.window_grain
                and counted.window_start = windows.window_start
                and (
                    {%- for name in counts %}
                    {{ 'or ' if not loop.first }}counted.{{ name }} <> built.{{ name }}
                    {%- endfor %}
                )
        )
    {%- endif %}

),
{%- endmacro %}

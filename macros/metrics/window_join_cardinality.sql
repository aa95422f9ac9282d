{#-
  The group `join_cardinality` of <m>__window_metrics: what each declared join does to the rows, per hour and day.

  Arguments: spec (dict of monitor_spec).
  Returns: CTEs ending in `join_cardinality_windows`, the windows to write. Columns: join_cardinality_columns; counts are rows; match_rate
  is
  matched_rows / rows_before (99.9 % Wilson bounds), fan_out is rows_after / rows_before of a left join (1 when nothing multiplies).
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


{#- The select of the group `join_cardinality`. Arguments: spec (dict of monitor_spec). -#}
{% macro join_cardinality_select(spec) -%}
with

measured as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        joins.join_name,
        {%- for name in ml_monitor.join_counts() %}
        coalesce(counted.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        {{ ml_monitor.bounded_ratio('match_rate', 'counted.matched_rows', 'counted.rows_before') }},
        {{ ml_monitor.ratio('counted.rows_after', 'counted.rows_before') }} as fan_out
    from join_cardinality_windows as w
    cross join (select distinct join_name from {{ ref(spec.name ~ '__hourly_joins') }}) as joins
    left join counted_joins as counted
        on w.window_grain = counted.window_grain and w.window_start = counted.window_start and joins.join_name = counted.join_name

),

{{ ml_monitor.group_select(
    spec, 'join_cardinality', 'measured', ['window_grain', 'window_start', 'join_name'], {'ml_batch': '(select ml_batch from join_newest)'}
) }}
{%- endmacro %}


{#- The counts of a join, of hours and of windows. Returns: list of names. -#}
{% macro join_counts() %}
    {%- do return(['rows_before', 'rows_after', 'matched_rows', 'null_key_rows', 'fanned_out_rows', 'duplicate_left_rows',
        'duplicate_right_rows']) -%}
{% endmacro %}


{#- The columns of the group `join_cardinality` of <m>__window_metrics. -#}
{% macro join_cardinality_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['join_cardinality_id', 'string', 'md5 of monitor, window_grain, window_start and join_name.'],
        'monitor', 'window_grain', 'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        'join_name', 'rows_before', 'rows_after', 'matched_rows', 'null_key_rows', 'fanned_out_rows',
        ['duplicate_left_rows', 'bigint', 'Predictions that repeat a key within an hour, summed over the hours.'],
        ['duplicate_right_rows', 'bigint', 'Partners beyond the first of each matched key within an hour, summed over the hours.'],
        ['match_rate', 'bounded', 'matched_rows / rows_before (0 to 1).'],
        ['fan_out', 'double', 'rows_after / rows_before, 1 or more; 1 if the join multiplies nothing.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

{#-
  The group `join_cardinality` of <m>__window_metrics: what each declared join does to the rows, per hour and day.

  Arguments: monitor (string).
  Returns: CTEs ending in `join_cardinality_windows`, the windows to write. Columns: join_cardinality_columns; counts are rows; match_rate is matched_rows / rows_before (99.9 % Wilson bounds), fan_out is
  rows_after / rows_before of a left join (1 when nothing multiplies).
-#}
{% macro join_cardinality_windows(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'join_cardinality') -%}
    {%- set rollup = ref(monitor ~ '__hourly_joins') -%}
    {%- set counts = ml_monitor.join_counts() -%}
    {%- set built = ml_monitor.built_group('join_cardinality') -%}
    {#- Labels that come later, and another lookup, change the counts of hours whose predictions, and so their batch, stay as they are. -#}
    {%- set other_counts -%}
exists (
    select 1
    from counted_joins as counted
    inner join {{ built }} as built
        on counted.window_grain = built.window_grain and counted.window_start = built.window_start and counted.join_name = built.join_name
    where
        counted.window_grain = windows.window_grain
        and counted.window_start = windows.window_start
        and (
            {%- for name in counts %}
            {{ 'or ' if not loop.first }}counted.{{ name }} <> built.{{ name }}
            {%- endfor %}
        )
)
    {%- endset -%}
counted_joins as (
    {% for grain in ['hour', 'day'] %}
    select
        '{{ grain }}' as window_grain,
        {{ ml_monitor.truncate(grain, 'window_start') }} as window_start,
        join_name,
        {%- for name in counts %}
        sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ rollup }}
    group by {{ ml_monitor.truncate(grain, 'window_start') }}, join_name
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{{ ml_monitor.rollup_windows(rollup, 'rows_before', ['hour', 'day'], prefix='join_') }}

{{ ml_monitor.touched_windows('join_cardinality', declaration_hash, rollup_hours='join_rollup_hours', windows='join_windows', grains=['hour', 'day'], built=built, also=other_counts) }}

join_cardinality_windows as (

    select * from join_cardinality_touched_windows

),
{%- endmacro %}


{#- The select of the group `join_cardinality`. Arguments: monitor (string). -#}
{% macro join_cardinality_select(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'join_cardinality') -%}
    {%- set rollup = ref(monitor ~ '__hourly_joins') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set counts = ml_monitor.join_counts() -%}
with

joins as (

    select distinct join_name from {{ rollup }}

),

joined as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        joins.join_name,
        {%- for name in counts %}
        coalesce(counted.{{ name }}, 0) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from join_cardinality_windows as w
    cross join joins
    left join counted_joins as counted
        on w.window_grain = counted.window_grain and w.window_start = counted.window_start and joins.join_name = counted.join_name

),

final as (

    select
        {{ ml_monitor.surrogate_key(["'" ~ monitor ~ "'", 'joined.window_grain', 'joined.window_start', 'joined.join_name']) }} as join_cardinality_id,
        cast('{{ monitor }}' as {{ text }}) as monitor,
        cast(joined.window_grain as {{ text }}) as window_grain,
        joined.window_start,
        joined.window_end,
        {%- for name in ['model_version', 'segment_name', 'segment_value'] %}
        cast('__all__' as {{ text }}) as {{ name }},
        {%- endfor %}
        cast(joined.join_name as {{ text }}) as join_name,
        {%- for name in counts %}
        cast(joined.{{ name }} as bigint) as {{ name }},
        {%- endfor %}
        {{ ml_monitor.bounded_ratio('match_rate', 'joined.matched_rows', 'joined.rows_before') }},
        {{ ml_monitor.ratio('joined.rows_after', 'joined.rows_before') }} as fan_out,
        {{ ml_monitor.window_key('joined.window_grain', 'joined.window_start') }} as rebuild_key,
        cast('{{ declaration_hash }}' as {{ text }}) as declaration_hash,
        cast((select ml_batch from join_newest) as bigint) as ml_batch
    from joined

)

select * from final
{%- endmacro %}


{#- The counts of a join, of hours and of windows. Returns: list of names. -#}
{% macro join_counts() %}
    {%- do return(['rows_before', 'rows_after', 'matched_rows', 'null_key_rows', 'fanned_out_rows', 'duplicate_left_rows', 'duplicate_right_rows']) -%}
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

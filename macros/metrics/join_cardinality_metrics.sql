{#-
  Model <m>__join_cardinality: what each declared join does to the rows, per hour and day.

  Arguments: monitor (string).
  Columns: see models/monitors/<m>/_<m>__monitor.yml; counts are rows; match_rate is matched_rows / rows_before (99.9 % Wilson bounds), fan_out is
  rows_after / rows_before of a left join (1 when nothing multiplies).
-#}
{% macro join_cardinality_metrics(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='delete+insert', unique_key='rebuild_key', on_schema_change='append_new_columns', sql_header=ml_monitor.planner_settings()) -}}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'join_cardinality') -%}
    {%- set rollup = ref(monitor ~ '__hourly_joins') -%}
    {%- set text = dbt.type_string() -%}
    {%- set counts = ['rows_before', 'rows_after', 'matched_rows', 'null_key_rows', 'fanned_out_rows', 'duplicate_left_rows', 'duplicate_right_rows'] -%}
    {#- Labels that come later, and another lookup, change the counts of hours whose predictions, and so their batch, stay as they are. -#}
    {%- set other_counts -%}
exists (
    select 1
    from counted
    inner join {{ this }} as built
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
    {%- set head -%}
counted as (
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

{{ ml_monitor.window_ctes(declaration_hash, rollup, 'rows_before', ['hour', 'day'], also=other_counts) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('join_cardinality_metrics', monitor, head, 'touched_windows') %}

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
    from touched_windows as w
    cross join joins
    left join counted
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
        cast((select ml_batch from newest) as bigint) as ml_batch
    from joined

)

select * from final
{%- endcall %}
{% endmacro %}

{#-
  Model <m>__hourly_profile: how often each value range of each monitored column occurred. Additive: any window, union of
  segments or baseline is a sum of its rows.

  Hours hold totals by slot and cell; days hold the declared segments by slot. Each rebuilt hour has a row `__rows__` with
  its number of rows, 0 when it was emptied, so that a later run can tell.

  Arguments: monitor (string).
  Columns: window_grain (hour, day), window_start (UTC), model_version, segment_name, segment_value, column_name, slot,
  cell, category, row_count, z_sum, z_squared_sum (of standardised values), zero_count, default_count, invalid_count,
  rebuild_key, declaration_hash, ml_batch (the newest log batch it has seen).
-#}
{% macro hourly_profile(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='delete+insert', unique_key='rebuild_key', on_schema_change='append_new_columns', sql_header=ml_monitor.planner_settings()) -}}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set columns = ml_monitor.monitored_columns(spec) -%}
    {%- set numeric = columns | selectattr('kind', 'equalto', 'numeric') | list -%}
    {%- set categorical = columns | selectattr('kind', 'equalto', 'categorical') | list -%}
    {%- set grid = ref(monitor ~ '__grid') -%}
    {%- set categories = ref(monitor ~ '__grid_categories') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set hour_keys = ['window_start', 'model_version'] -%}
    {%- set day_keys = ['window_start', 'model_version', 'segment_name', 'segment_value'] -%}
    {%- set measures = [
        'column_name', 'slot', 'cell', 'category', 'row_count', 'z_sum', 'z_squared_sum', 'zero_count', 'default_count', 'invalid_count',
    ] -%}
    {%- set text = dbt.type_string() -%}
-- ml_monitor.hourly_profile('{{ monitor }}')
with

{{ ml_monitor.touched_hours(log, spec) }}

hourly_rows {{ ml_monitor.as_inlined() }} (

    select
        log.ml_event_hour as window_start,
        {{ ml_monitor.logged_version(spec) }} as model_version,
        {{ ml_monitor.distinct_source_columns(columns, spec) | join(',\n        ') }}
    from {{ ml_monitor.aliased(log, 'log') }}
    where
        log.ml_row_state = 'current'
        {%- if is_incremental() %}
        and log.ml_event_hour in (select hour from touched_hours)
        {%- endif %}

),

{% if spec.segments -%}
daily_rows {{ ml_monitor.as_inlined() }} (
    {% for segment in spec.segments %}
    {%- set segment_sql = 'log.' ~ ml_monitor.sql_name(spec, segment) %}
    select
        {{ ml_monitor.truncate('day', 'log.ml_event_hour') }} as window_start,
        {{ ml_monitor.logged_version(spec) }} as model_version,
        {{ ml_monitor.string_literal(segment) }} as segment_name,
        cast({{ segment_sql }} as {{ text }}) as segment_value,
        {{ ml_monitor.distinct_source_columns(columns, spec) | join(',\n        ') }}
    from {{ ml_monitor.aliased(log, 'log') }}
    where
        log.ml_row_state = 'current'
        {%- if is_incremental() %}
        and {{ ml_monitor.truncate('day', 'log.ml_event_hour') }} in (select {{ ml_monitor.truncate('day', 'hour') }} from touched_hours)
        {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{% endif -%}
hours as (

    select
        touched_hours.hour as window_start,
        cast('__all__' as {{ text }}) as model_version,
        '__rows__' as column_name,
        0 as slot,
        0 as cell,
        cast(null as {{ text }}) as category,
        cast(coalesce(counted.row_count, 0) as bigint) as row_count,
        {{ ml_monitor.float64(0) }} as z_sum,
        {{ ml_monitor.float64(0) }} as z_squared_sum,
        cast(0 as bigint) as zero_count,
        cast(0 as bigint) as default_count,
        cast(0 as bigint) as invalid_count
    from touched_hours
    left join (
        select window_start, count(*) as row_count from hourly_rows group by window_start
    ) as counted on touched_hours.hour = counted.window_start

),

hourly_counts as (

    {%- if numeric %}
    {{- ml_monitor.numeric_counts('hourly_rows', grid, hour_keys, numeric) }}
    {%- endif %}
    {%- if numeric and categorical %}
    union all
    {%- endif %}
    {%- if categorical %}
    {{- ml_monitor.category_counts('hourly_rows', categories, hour_keys, categorical) }}
    {%- endif %}

),
{% if spec.segments %}
daily_counts as (

    {%- if numeric %}
    {{- ml_monitor.numeric_counts('daily_rows', grid, day_keys, numeric, with_cells=false) }}
    {%- endif %}
    {%- if numeric and categorical %}
    union all
    {%- endif %}
    {%- if categorical %}
    {{- ml_monitor.category_counts('daily_rows', categories, day_keys, categorical) }}
    {%- endif %}

),
{% endif %}
counts as (

    select 'hour' as window_grain, '__all__' as segment_name, '__all__' as segment_value, hours.* from hours
    union all
    {#- Versions and segments get their names once counted, so that naming does not cost per row. #}
    select
        'hour' as window_grain,
        '__all__' as segment_name,
        '__all__' as segment_value,
        window_start,
        {{ ml_monitor.version_name(spec, 'model_version') }} as model_version,
        {{ measures | join(',\n        ') }}
    from hourly_counts
    {%- if spec.segments %}
    union all
    select
        'day' as window_grain,
        segment_name,
        {{ ml_monitor.segment_value('segment_value') }} as segment_value,
        window_start,
        {{ ml_monitor.version_name(spec, 'model_version') }} as model_version,
        {{ measures | join(',\n        ') }}
    from daily_counts
    {%- endif %}

),

newest as (

    select coalesce(max(ml_batch), 0) as ml_batch from {{ log }}

),

final as (

    select
        cast(counts.window_grain as {{ text }}) as window_grain,
        counts.window_start,
        cast(counts.model_version as {{ text }}) as model_version,
        cast(counts.segment_name as {{ text }}) as segment_name,
        cast(counts.segment_value as {{ text }}) as segment_value,
        cast(counts.column_name as {{ text }}) as column_name,
        counts.slot,
        counts.cell,
        counts.category,
        counts.row_count,
        counts.z_sum,
        counts.z_squared_sum,
        counts.zero_count,
        counts.default_count,
        counts.invalid_count,
        {{ ml_monitor.window_key('counts.window_grain', 'counts.window_start') }} as rebuild_key,
        '{{ spec.declaration_hash }}' as declaration_hash,
        cast((select ml_batch from newest) as bigint) as ml_batch
    from counts

)

select * from final
{% endmacro %}

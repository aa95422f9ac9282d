{#-
  Model <m>__hourly_profile: how often each value range of each monitored column occurred. Additive: any window, union of
  segments or baseline is a sum of its rows.

  Hours hold totals by slot and cell; days hold the declared segments by slot, and the totals of hours that are past the
  declared hourly_retention_days. All but the ml_segment_cap values of a segment with the most rows of the day are counted together, as
  `__other__`. Each rebuilt hour has a row `__rows__` with its number of rows, 0 when it was emptied, so that a
  later run can tell; and each rebuilt day one with 0.

  Arguments: monitor (string).
  Columns: hourly_profile_columns; z_sum and z_squared_sum are of standardised values.
-#}
{% macro hourly_profile(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log', 'grid'], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.hourly_profile_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__hourly_profile. Arguments: monitor (string). -#}
{% macro hourly_profile_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'hourly_profile') -%}
    {%- set columns = ml_monitor.monitored_columns(spec) -%}
    {%- set grid = ref(monitor ~ '__grid') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {#- Names of our own beside the user's columns. -#}
    {%- set hour_keys = ['ml_window_start', 'ml_model_version'] -%}
    {%- set day_keys = hour_keys + ['ml_segment_name', 'ml_segment_value', 'ml_is_capped'] -%}
    {%- set measures = [
        'column_name', 'slot', 'cell', 'category', 'example', 'row_count', 'z_sum', 'z_squared_sum',
    ] + ml_monitor.profile_flags() -%}
    {%- set fold_before = ml_monitor.fold_before(spec) -%}
    {%- set day = ml_monitor.truncate('day', 'log.ml_event_hour') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set head -%}
{{ ml_monitor.touched_hours([ml_monitor.hours_of_new_rows(log)], log, declaration_hash, fold_before) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('hourly_profile', monitor, head, 'touched_hours', asks=not fold_before) %}

hourly_rows {{ ml_monitor.as_inlined() }} (

    select
        log.ml_event_hour as ml_hour,
        {{ ml_monitor.counted_window('log.ml_event_hour', fold_before) }} as ml_window_start,
        {{ ml_monitor.logged_version(spec) }} as ml_model_version,
        {{ ml_monitor.distinct_source_columns(columns, spec) | join(',\n        ') }}
    from {{ ml_monitor.aliased(log, 'log') }}
    where
        log.ml_row_state = 'current'
        {%- if ml_monitor.is_incremental() %}
        and log.ml_event_hour in (select hour from touched_hours)
        {%- endif %}

),

{% if spec.segments -%}
segment_counts as (
    {% for segment in spec.segments %}
    select
        {{ day }} as window_start,
        {{ ml_monitor.string_literal(segment) }} as segment_name,
        {{ ml_monitor.segment_text(spec, segment) }} as segment_value,
        count(*) as row_count
    from {{ ml_monitor.aliased(log, 'log') }}
    where
        log.ml_row_state = 'current'
        {%- if ml_monitor.is_incremental() %}
        and {{ day }} in (select {{ ml_monitor.truncate('day', 'hour') }} from touched_hours)
        {%- endif %}
    group by {{ day }}, {{ ml_monitor.segment_text(spec, segment) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{{ ml_monitor.capped_segments(spec, 'segment_counts', 'row_count', 'window_start') }}

daily_rows {{ ml_monitor.as_inlined() }} (
    {% for segment in spec.segments %}
    select
        {{ day }} as ml_window_start,
        {{ ml_monitor.logged_version(spec) }} as ml_model_version,
        {{ ml_monitor.string_literal(segment) }} as ml_segment_name,
        case when capped.ml_segment is null then {{ ml_monitor.segment_text(spec, segment) }} end as ml_segment_value,
        capped.ml_segment is not null as ml_is_capped,
        {{ ml_monitor.distinct_source_columns(columns, spec) | join(',\n        ') }}
    from {{ ml_monitor.aliased(log, 'log') }}
    left join capped_segments as capped
        on
            capped.ml_window = {{ day }}
            and capped.ml_segment = {{ ml_monitor.string_literal(segment) }}
            and capped.ml_value = {{ ml_monitor.segment_text(spec, segment) }}
    where
        log.ml_row_state = 'current'
        {%- if ml_monitor.is_incremental() %}
        and {{ day }} in (select {{ ml_monitor.truncate('day', 'hour') }} from touched_hours)
        {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{% endif -%}
{{ ml_monitor.hour_markers('hourly_rows', hour='ml_hour') }}

hourly_counts as (

    {{- ml_monitor.column_counts('hourly_rows', grid, hour_keys, columns, few=ml_monitor.is_incremental()) }}

),
{% if spec.segments %}
daily_counts as (

    {{- ml_monitor.column_counts('daily_rows', grid, day_keys, columns, with_cells=false, few=ml_monitor.is_incremental()) }}

),
{% endif %}
counts as (

    select
        window_grain,
        '__all__' as segment_name,
        '__all__' as segment_value,
        window_start,
        cast('__all__' as {{ text }}) as model_version,
        '__rows__' as column_name,
        0 as slot,
        0 as cell,
        cast(null as {{ text }}) as category,
        cast(null as {{ text }}) as example,
        cast(row_count as bigint) as row_count,
        {{ ml_monitor.float64(0) }} as z_sum,
        {{ ml_monitor.float64(0) }} as z_squared_sum,
        {%- for name in ml_monitor.profile_flags() %}
        cast(0 as bigint) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from markers
    union all
    {#- Versions and segments get their names once counted, so that naming does not cost per row. #}
    select
        {{ ml_monitor.counted_grain('ml_window_start', fold_before) }} as window_grain,
        '__all__' as segment_name,
        '__all__' as segment_value,
        ml_window_start as window_start,
        {{ ml_monitor.version_name(spec, 'ml_model_version') }} as model_version,
        {{ measures | join(',\n        ') }}
    from hourly_counts
    {%- if spec.segments %}
    union all
    select
        'day' as window_grain,
        ml_segment_name as segment_name,
        case when ml_is_capped then '__other__' else {{ ml_monitor.segment_value('ml_segment_value') }} end as segment_value,
        ml_window_start as window_start,
        {{ ml_monitor.version_name(spec, 'ml_model_version') }} as model_version,
        {{ measures | join(',\n        ') }}
    from daily_counts
    {%- endif %}

),

{{ ml_monitor.rollup_end(spec, 'hourly_profile', 'counts', measures[5:], "column_name = '__rows__'", maxima=['example']) }}
{%- endcall %}
{% endmacro %}


{#- The columns of <m>__hourly_profile. -#}
{% macro hourly_profile_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['window_grain', 'hour for totals, day for segments.'],
        'window_start',
        ['model_version', 'Model version; `__none__` if the monitor logs none, `__null__` where it is NULL, `__all__` only for the rows '
            'that keep an hour known.'],
        'segment_name', 'segment_value',
        ['column_name', 'Monitored column; `__rows__` for the number of rows of the hour.'],
        ['slot', 'int', 'Numeric: twice the edges of the grid below the value, plus 1 if it equals an edge. Categorical: rank of the '
            'category, 0 for `__other__`. Both: -1 is NULL, -2 NaN, -3 minus infinity, -4 plus infinity.'],
        ['cell', 'int', 'Cell of the standardised value on a symmetric log scale, about 32 cells per e-fold; 0 for categories and for '
            'segments.'],
        ['category', 'Category, `__other__` for those not in the grid; NULL for numbers and for NULL.'],
        ['example', 'string', 'Of `__other__`: the most frequent value of an hour that is not in the grid, after how often it occurred '
            'there (12 digits), so that the largest text is the most frequent value; NULL for personal data and otherwise.'],
        ['row_count', 'Rows counted here.'],
        'z_sum', 'z_squared_sum', 'zero_count', 'default_count', 'invalid_count', 'empty_count', 'clipped_count', 'numeric_text_count',
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

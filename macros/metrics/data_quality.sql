{#-
  Model <m>__data_quality: what share of each monitored column is missing, special or outside its declaration, per hour and
  day, by total and (days) by segment.

  Arguments: monitor (string).
  Columns: see models/monitors/<m>/_<m>__monitor.yml; rates are shares of row_count (0 to 1), with the counts beside them and 99.9 % Wilson bounds.
-#}
{% macro data_quality(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='delete+insert', unique_key='rebuild_key', on_schema_change='append_new_columns', sql_header=ml_monitor.planner_settings()) -}}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'data_quality') -%}
    {%- set profile = ref(monitor ~ '__hourly_profile') -%}
    {%- set columns = ml_monitor.monitored_columns(spec) -%}
    {%- set text = dbt.type_string() -%}
    {%- set subject = ['window_grain', 'window_start', 'segment_name', 'segment_value', 'column_name'] -%}
-- ml_monitor.data_quality('{{ monitor }}')
with

{{ ml_monitor.window_ctes(declaration_hash, profile, 'row_count', ['hour', 'day'], "column_name = '__rows__'", ml_monitor.fold_before(spec)) }}

declared_columns as (
    {{ ml_monitor.declared_columns_values(columns) }}
),

column_hours as (

    select
        p.window_grain,
        p.window_start,
        p.segment_name,
        p.segment_value,
        p.column_name,
        sum(p.row_count) as row_count,
        sum(case when p.slot = -1 then p.row_count else 0 end) as null_count,
        sum(case when p.slot = -2 then p.row_count else 0 end) as nan_count,
        sum(case when p.slot in (-3, -4) then p.row_count else 0 end) as infinite_count,
        sum(p.zero_count) as zero_count,
        sum(p.default_count) as default_count,
        sum(p.invalid_count) as invalid_count,
        sum(case when c.column_kind = 'categorical' and p.slot = 0 then p.row_count else 0 end) as other_count
    from {{ ml_monitor.aliased(profile, 'p') }}
    inner join declared_columns as c on p.column_name = c.column_name
    {%- if is_incremental() %}
    where {{ ml_monitor.truncate('day', 'p.window_start') }} in (select {{ ml_monitor.truncate('day', 'window_start') }} from touched_windows)
    {%- endif %}
    group by p.window_grain, p.window_start, p.segment_name, p.segment_value, p.column_name

),

counted as (

    select * from column_hours where window_grain = 'hour'
    union all
    select * from column_hours where window_grain = 'day'
    union all
    select
        'day' as window_grain,
        {{ ml_monitor.truncate('day', 'window_start') }} as window_start,
        segment_name,
        segment_value,
        column_name,
        {%- for name in ['row', 'null', 'nan', 'infinite', 'zero', 'default', 'invalid', 'other'] %}
        sum({{ name }}_count) as {{ name }}_count{{ ',' if not loop.last }}
        {%- endfor %}
    from column_hours
    where window_grain = 'hour'
    group by {{ ml_monitor.truncate('day', 'window_start') }}, segment_name, segment_value, column_name

),

subjects as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        '__all__' as segment_name,
        '__all__' as segment_value,
        c.column_name
    from touched_windows as w
    cross join declared_columns as c
    union all
    select
        w.window_grain,
        w.window_start,
        w.window_end,
        counted.segment_name,
        counted.segment_value,
        counted.column_name
    from touched_windows as w
    inner join counted on w.window_grain = counted.window_grain and w.window_start = counted.window_start
    where counted.segment_name <> '__all__'

),

joined as (

    select
        s.window_grain,
        s.window_start,
        s.window_end,
        s.segment_name,
        s.segment_value,
        s.column_name,
        c.column_role,
        c.column_kind,
        {%- for name in ['row', 'null', 'nan', 'infinite', 'zero', 'default', 'invalid', 'other'] %}
        coalesce(counted.{{ name }}_count, 0) as {{ name }}_count{{ ',' if not loop.last }}
        {%- endfor %}
    from subjects as s
    inner join declared_columns as c on s.column_name = c.column_name
    left join counted on {% for key in subject %}s.{{ key }} = counted.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}

),

final as (

    select
        {{ ml_monitor.surrogate_key(["'" ~ monitor ~ "'", 'joined.window_grain', 'joined.window_start', 'joined.segment_name', 'joined.segment_value', 'joined.column_name']) }} as data_quality_id,
        cast('{{ monitor }}' as {{ text }}) as monitor,
        cast(joined.window_grain as {{ text }}) as window_grain,
        joined.window_start,
        joined.window_end,
        cast('__all__' as {{ text }}) as model_version,
        {%- for name in ['segment_name', 'segment_value', 'column_name', 'column_role', 'column_kind'] %}
        cast(joined.{{ name }} as {{ text }}) as {{ name }},
        {%- endfor %}
        {%- for name in ['row', 'null', 'nan', 'infinite', 'zero', 'default', 'invalid', 'other'] %}
        cast(joined.{{ name }}_count as bigint) as {{ name }}_count,
        {%- endfor %}
        {%- for name in ['null', 'nan', 'infinite', 'zero', 'default', 'invalid', 'other'] %}
        {{ ml_monitor.ratio('joined.' ~ name ~ '_count', 'joined.row_count') }} as {{ name }}_rate,
        {%- endfor %}
        {%- for name in ['null', 'invalid'] %}
        {{ ml_monitor.wilson('joined.' ~ name ~ '_count', 'joined.row_count', 'low') }} as {{ name }}_rate_low,
        {{ ml_monitor.wilson('joined.' ~ name ~ '_count', 'joined.row_count', 'high') }} as {{ name }}_rate_high,
        {%- endfor %}
        {{ ml_monitor.window_key('joined.window_grain', 'joined.window_start') }} as rebuild_key,
        cast('{{ declaration_hash }}' as {{ text }}) as declaration_hash,
        cast((select ml_batch from newest) as bigint) as ml_batch
    from joined

)

select * from final
{% endmacro %}

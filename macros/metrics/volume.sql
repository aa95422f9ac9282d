{#-
  Model <m>__volume: how many rows each hour and day brought, what became of them, and whether all of them are accounted for.

  Expected rows are the mean of the serving baseline: for a day over its days, for an hour over the same local hour of them.

  Arguments: monitor (string).
  Columns: see models/monitors/<m>/_<m>__monitor.yml; counts are rows, rates are shares of logged_rows (error_rate of current_rows), with 99.9 % Wilson
  bounds. unreconciled_rows is |rows ingested in the window in staging - in the log|, 0 when nothing was lost or invented.
-#}
{% macro volume(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='delete+insert', unique_key='rebuild_key', on_schema_change='append_new_columns', sql_header=ml_monitor.planner_settings()) -}}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'volume') -%}
    {%- set rollup = ref(monitor ~ '__hourly_volume') -%}
    {%- set baseline_windows = ref(monitor ~ '__baseline_windows') -%}
    {%- set text = dbt.type_string() -%}
    {%- set counts = ['logged_rows', 'current_rows', 'duplicate_rows', 'quarantined_rows', 'error_rows', 'raw_ingested_rows', 'log_ingested_rows'] -%}
-- ml_monitor.volume('{{ monitor }}')
with

{{ ml_monitor.window_ctes(declaration_hash, rollup, 'logged_rows', ['hour', 'day'], "model_version = '__all__'") }}

baseline_days as (

    select window_start from {{ baseline_windows }} where is_baseline and model_version = '__all__'

),

baseline_state as (

    select
        cast(count(*) as {{ text }}) || ' days to ' || coalesce(cast(max(baseline_days.window_start) as {{ text }}), 'none')
        || ', batch ' || coalesce(cast(max(h.ml_batch) as {{ text }}), 'none') as baseline_state
    from baseline_days
    left join rollup_hours as h on {{ ml_monitor.truncate('day', 'h.hour') }} = baseline_days.window_start

),

written_windows as (

    select * from touched_windows
    {%- if is_incremental() %}
    union
    select windows.*
    from windows
    where exists (select 1 from {{ this }} as built where built.baseline_state <> (select baseline_state from baseline_state))
    {%- endif %}

),

expected_hours as (

    select
        r.segment_name,
        r.segment_value,
        extract(hour from {{ ml_monitor.local_time('r.window_start', spec.time_zone) }}) as local_hour,
        sum(r.current_rows) as baseline_rows
    from {{ ml_monitor.aliased(rollup, 'r') }}
    inner join baseline_days on {{ ml_monitor.truncate('day', 'r.window_start') }} = baseline_days.window_start
    where r.model_version = '__all__'
    group by r.segment_name, r.segment_value, extract(hour from {{ ml_monitor.local_time('r.window_start', spec.time_zone) }})

),

expected_days as (

    select segment_name, segment_value, sum(baseline_rows) as baseline_rows
    from expected_hours
    group by segment_name, segment_value

),

counted as (
    {% for grain in ['hour', 'day'] %}
    select
        '{{ grain }}' as window_grain,
        {{ ml_monitor.truncate(grain, 'window_start') }} as window_start,
        segment_name,
        segment_value,
        {%- for name in counts %}
        sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ rollup }}
    where model_version = '__all__'
    group by {{ ml_monitor.truncate(grain, 'window_start') }}, segment_name, segment_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

subjects as (

    select window_grain, window_start, window_end, '__all__' as segment_name, '__all__' as segment_value
    from written_windows
    union all
    select w.window_grain, w.window_start, w.window_end, counted.segment_name, counted.segment_value
    from written_windows as w
    inner join counted on w.window_grain = counted.window_grain and w.window_start = counted.window_start
    where counted.segment_name <> '__all__'

),

joined as (

    select
        s.*,
        {%- for name in counts %}
        coalesce(counted.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        {{ ml_monitor.float64("coalesce(case when s.window_grain = 'hour' then expected_hours.baseline_rows else expected_days.baseline_rows end, 0)") }}
        / greatest(1, (select count(*) from baseline_days)) as expected_rows
    from subjects as s
    left join counted
        on
            s.window_grain = counted.window_grain
            and s.window_start = counted.window_start
            and s.segment_name = counted.segment_name
            and s.segment_value = counted.segment_value
    left join expected_hours
        on
            s.segment_name = expected_hours.segment_name
            and s.segment_value = expected_hours.segment_value
            and extract(hour from {{ ml_monitor.local_time('s.window_start', spec.time_zone) }}) = expected_hours.local_hour
    left join expected_days on s.segment_name = expected_days.segment_name and s.segment_value = expected_days.segment_value

),

final as (

    select
        {{ ml_monitor.surrogate_key(["'" ~ monitor ~ "'", 'joined.window_grain', 'joined.window_start', 'joined.segment_name', 'joined.segment_value']) }} as volume_id,
        cast('{{ monitor }}' as {{ text }}) as monitor,
        cast(joined.window_grain as {{ text }}) as window_grain,
        joined.window_start,
        joined.window_end,
        cast('__all__' as {{ text }}) as model_version,
        cast(joined.segment_name as {{ text }}) as segment_name,
        cast(joined.segment_value as {{ text }}) as segment_value,
        {%- for name in counts %}
        cast(joined.{{ name }} as bigint) as {{ name }},
        {%- endfor %}
        case when joined.segment_name = '__all__' then cast(abs(joined.raw_ingested_rows - joined.log_ingested_rows) as bigint) end as unreconciled_rows,
        {%- for name, numerator, denominator in [
            ['duplicate_rate', 'duplicate_rows', 'logged_rows'], ['quarantine_rate', 'quarantined_rows', 'logged_rows'],
            ['error_rate', 'error_rows', 'current_rows'],
        ] %}
        {{ ml_monitor.ratio('joined.' ~ numerator, 'joined.' ~ denominator) }} as {{ name }},
        {{ ml_monitor.wilson('joined.' ~ numerator, 'joined.' ~ denominator, 'low') }} as {{ name }}_low,
        {{ ml_monitor.wilson('joined.' ~ numerator, 'joined.' ~ denominator, 'high') }} as {{ name }}_high,
        {%- endfor %}
        {{ ml_monitor.float64('joined.expected_rows') }} as expected_rows,
        {{ ml_monitor.ratio('joined.current_rows', 'joined.expected_rows') }} as volume_ratio,
        cast((select baseline_state from baseline_state) as {{ text }}) as baseline_state,
        {{ ml_monitor.window_key('joined.window_grain', 'joined.window_start') }} as rebuild_key,
        cast('{{ declaration_hash }}' as {{ text }}) as declaration_hash,
        cast((select ml_batch from newest) as bigint) as ml_batch
    from joined

)

select * from final
{% endmacro %}

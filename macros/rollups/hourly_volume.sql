{#-
  Model <m>__hourly_volume: how many rows arrived and what became of them.

  Arguments: monitor (string).
  Columns: window_grain (hour), window_start (UTC), model_version, segment_name, segment_value (`__all__` for totals; `__other__` for all
    but the ml_segment_cap values with the most logged rows of the hour),
    logged_rows     rows of the log that count for this hour, of any state but deleted
    current_rows, duplicate_rows, quarantined_rows   the same by state; they add up to logged_rows
    exact_duplicate_rows, conflicting_duplicate_rows, replayed_rows   duplicates by ml_duplicate_kind, and those with ml_is_replay
    future_rows     rows quarantined as event_after_ingest; future_half_hours_min, _max: how far after, in half hours, rounded
    late_rows       current rows ingested more than late_after_minutes after their event
    error_rows      current rows whose status is neither null nor ok
    newest_event_time, newest_ingest_time   of the current rows (UTC)
    raw_ingested_rows, log_ingested_rows    rows ingested in this hour, counted in staging and in the log; totals only
    rebuild_key, declaration_hash, ml_batch
-#}
{% macro hourly_volume(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log', 'stg_inferences'], key='rebuild_key') -}}
    {%- if execute -%}{{ ml_monitor.hourly_volume_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__hourly_volume. Arguments: monitor (string). -#}
{% macro hourly_volume_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'hourly_volume') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set staging = ref('stg_' ~ monitor ~ '__inferences') -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set ingest_time = ml_monitor.role_column(spec.inferences, 'ingest_time') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set half_hours = 'cast(' ~ ml_monitor.least_of([1000000, ml_monitor.half_hours(ml_monitor.minutes_between('log.' ~ ingest_time, 'log.' ~ event_time))]) ~ ' as bigint)' if ingest_time else 'cast(null as bigint)' -%}
    {%- set kinds = {
        'logged': "log.ml_row_state <> 'deleted'",
        'current': "log.ml_row_state = 'current'",
        'duplicate': "log.ml_row_state = 'duplicate'",
        'exact_duplicate': "log.ml_duplicate_kind = 'exact'",
        'conflicting_duplicate': "log.ml_duplicate_kind = 'conflicting'",
        'replayed': 'log.ml_is_replay',
        'quarantined': "log.ml_row_state = 'quarantined'",
        'future': "log.ml_quarantine_reason = 'event_after_ingest'",
        'late': "log.ml_row_state = 'current' and " ~ (ml_monitor.is_late(spec) or 'false'),
        'error': "log.ml_row_state = 'current' and " ~ (ml_monitor.is_error_status(spec) or 'false'),
    } -%}
    {%- set head -%}
raw_hours as (

    select
        {{ ml_monitor.ingest_hour(event_time, ingest_time) }} as hour,
        count(*) as row_count
    from {{ staging }}
    {%- if ml_monitor.is_as_of_given() %}
    where {{ ml_monitor.known_at_as_of(event_time, ingest_time) }}
    {%- endif %}
    group by {{ ml_monitor.ingest_hour(event_time, ingest_time) }}

),

hours_to_count as (

    {% if ml_monitor.is_incremental() -%}
    {{ ml_monitor.hours_of_new_rows(log) }}
    union
    select ml_ingest_hour as hour
    from {{ log }}
    where ml_batch > (select coalesce(max(ml_batch), 0) from {{ this }})
    union
    select raw_hours.hour
    from raw_hours
    left join {{ this }} as built
        on raw_hours.hour = built.window_start and built.model_version = '__all__' and built.segment_name = '__all__'
    where built.raw_ingested_rows is null or built.raw_ingested_rows <> raw_hours.row_count
    union
    select window_start as hour from {{ this }} where declaration_hash <> '{{ declaration_hash }}'
    {%- else -%}
    select ml_event_hour as hour from {{ log }}
    union
    select hour from raw_hours
    {%- endif %}

),

touched_hours as (

    select
        hours_to_count.hour,
        coalesce(raw_hours.row_count, 0) as raw_ingested_rows,
        (select coalesce(max(ml_batch), 0) from {{ log }}) as log_batch
    from hours_to_count
    left join raw_hours on hours_to_count.hour = raw_hours.hour

),
    {%- endset -%}
{#- To find the hours costs as much as to count them. -#}
{%- call ml_monitor.select_if_any('hourly_volume', monitor, head, 'touched_hours', asks=false) %}

flagged as (

    select
        log.ml_event_hour as window_start,
        {{ ml_monitor.logged_version(spec) }} as model_version,
        {%- for segment in spec.segments %}
        {{ ml_monitor.segment_text(spec, segment) }} as segment_{{ loop.index }},
        {%- endfor %}
        {%- for kind, condition in kinds.items() %}
        case when {{ condition }} then 1 else 0 end as is_{{ kind }},
        {%- endfor %}
        case when log.ml_quarantine_reason = 'event_after_ingest' then {{ half_hours }} end as future_half_hours,
        case when log.ml_row_state = 'current' then log.{{ event_time }} end as event_time,
        case when log.ml_row_state = 'current' then log.{{ ingest_time or event_time }} end as ingest_time
    from {{ ml_monitor.aliased(log, 'log') }}
    {%- if ml_monitor.is_incremental() %}
    where log.ml_event_hour in (select hour from touched_hours)
    {%- endif %}

),

counted_values as (
    {% for k in range(spec.segments | length + 1) %}
    select
        window_start,
        {#- Versions and segments get their names once counted, so that naming does not cost per row. #}
        {{ ml_monitor.version_name(spec, 'model_version') }} as model_version,
        {{ ml_monitor.string_literal(spec.segments[k - 1]) if k else "'__all__'" }} as segment_name,
        {{ 'segment_' ~ k if k else "'__all__'" }} as segment_value,
        {%- for kind in kinds %}
        sum(is_{{ kind }}) as {{ kind }}_rows,
        {%- endfor %}
        min(future_half_hours) as future_half_hours_min,
        max(future_half_hours) as future_half_hours_max,
        max(event_time) as newest_event_time,
        max(ingest_time) as newest_ingest_time
    from flagged
    group by window_start, model_version{% if k %}, segment_{{ k }}{% endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{{ ml_monitor.capped_segments(spec, 'counted_values', 'logged_rows', 'window_start') }}

counted_by_version as (

    select
        counts.window_start,
        counts.model_version,
        counts.segment_name,
        case
            when counts.segment_name = '__all__' then '__all__'
            when capped.ml_segment is not null then '__other__'
            else {{ ml_monitor.segment_value('counts.segment_value') }}
        end as segment_value,
        {%- for kind in kinds %}
        counts.{{ kind }}_rows,
        {%- endfor %}
        counts.future_half_hours_min,
        counts.future_half_hours_max,
        counts.newest_event_time,
        counts.newest_ingest_time
    from counted_values as counts
    left join capped_segments as capped on {{ ml_monitor.is_capped('counts', 'window_start') }}

),

counted as (
    {% for version in ['model_version', "'__all__'"] %}
    select
        window_start,
        {{ version }} as model_version,
        segment_name,
        segment_value,
        {%- for kind in kinds %}
        sum({{ kind }}_rows) as {{ kind }}_rows,
        {%- endfor %}
        min(future_half_hours_min) as future_half_hours_min,
        max(future_half_hours_max) as future_half_hours_max,
        max(newest_event_time) as newest_event_time,
        max(newest_ingest_time) as newest_ingest_time
    from counted_by_version
    group by window_start, {{ 'model_version, ' if version == 'model_version' }}segment_name, segment_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

log_hours as (

    select ml_ingest_hour as hour, count(*) as row_count
    from {{ log }}
    {%- if ml_monitor.is_incremental() %}
    where ml_ingest_hour in (select hour from touched_hours)
    {%- endif %}
    group by ml_ingest_hour

),

rows_of_touched_hours as (

    select
        touched_hours.hour as window_start,
        '__all__' as model_version,
        '__all__' as segment_name,
        '__all__' as segment_value,
        {%- for kind in kinds %}
        counted.{{ kind }}_rows,
        {%- endfor %}
        counted.future_half_hours_min,
        counted.future_half_hours_max,
        counted.newest_event_time,
        counted.newest_ingest_time,
        touched_hours.raw_ingested_rows,
        coalesce(log_hours.row_count, 0) as log_ingested_rows
    from touched_hours
    left join counted
        on touched_hours.hour = counted.window_start and counted.model_version = '__all__' and counted.segment_name = '__all__'
    left join log_hours on touched_hours.hour = log_hours.hour
    union all
    select
        counted.*,
        null as raw_ingested_rows,
        null as log_ingested_rows
    from counted
    where counted.model_version <> '__all__' or counted.segment_name <> '__all__'

),

-- Of the statement that found the hours: a later batch has hours of its own.
newest as (

    select coalesce(max(log_batch), 0) as ml_batch from touched_hours

),

final as (

    select
        cast('hour' as {{ text }}) as window_grain,
        rows_of_touched_hours.window_start,
        {%- for name in ['model_version', 'segment_name', 'segment_value'] %}
        cast(rows_of_touched_hours.{{ name }} as {{ text }}) as {{ name }},
        {%- endfor %}
        {%- for kind in kinds %}
        cast(coalesce(rows_of_touched_hours.{{ kind }}_rows, 0) as bigint) as {{ kind }}_rows,
        {%- endfor %}
        cast(rows_of_touched_hours.future_half_hours_min as int) as future_half_hours_min,
        cast(rows_of_touched_hours.future_half_hours_max as int) as future_half_hours_max,
        rows_of_touched_hours.newest_event_time,
        rows_of_touched_hours.newest_ingest_time,
        cast(rows_of_touched_hours.raw_ingested_rows as bigint) as raw_ingested_rows,
        cast(rows_of_touched_hours.log_ingested_rows as bigint) as log_ingested_rows,
        {{ ml_monitor.window_key("'hour'", 'rows_of_touched_hours.window_start') }} as rebuild_key,
        cast('{{ declaration_hash }}' as {{ text }}) as declaration_hash,
        cast((select ml_batch from newest) as bigint) as ml_batch
    from rows_of_touched_hours

)

select * from final
{%- endcall %}
{% endmacro %}


{#- The columns of <m>__hourly_volume. -#}
{% macro hourly_volume_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['window_grain', 'Always hour.'],
        'window_start', 'model_version', 'segment_name', 'segment_value',
        ['logged_rows', 'bigint', 'Rows of the log that count for this hour: current, duplicate and quarantined.'],
        'current_rows', 'duplicate_rows', 'exact_duplicate_rows', 'conflicting_duplicate_rows', 'replayed_rows', 'quarantined_rows',
        'future_rows', 'late_rows',
        ['error_rows', 'bigint', 'Current rows whose status is an error: neither NULL nor ok, success or 200.'],
        ['future_half_hours_min', 'int', 'Of future_rows: least half hours, rounded, from ingest to event; NULL without.'],
        ['future_half_hours_max', 'int', 'Of future_rows: most half hours, rounded, from ingest to event; NULL without.'],
        ['newest_event_time', 'timestamp', 'Newest event time of the current rows (UTC).'],
        ['newest_ingest_time', 'timestamp', 'Newest ingest time of the current rows (UTC).'],
        ['raw_ingested_rows', 'bigint', 'Rows of staging that were ingested in this hour; NULL except for totals.'],
        ['log_ingested_rows', 'bigint', 'Rows of the log that were ingested in this hour; NULL except for totals.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

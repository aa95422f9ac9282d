{#-
  Model <m>__hourly_volume: how many rows arrived and what became of them.

  Arguments: monitor (string).
  Columns: hourly_volume_columns.
-#}
{% macro hourly_volume(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log', 'stg_inferences'], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.hourly_volume_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__hourly_volume. Arguments: monitor (string). -#}
{% macro hourly_volume_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'hourly_volume') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set ingest_time = ml_monitor.role_column(spec.inferences, 'ingest_time') -%}
    {%- set half_hours = 'cast(' ~ ml_monitor.least_of([
        1000000, ml_monitor.half_hours(ml_monitor.minutes_between('log.' ~ ingest_time, 'log.' ~ event_time)),
    ]) ~ ' as bigint)' if ingest_time else 'cast(null as bigint)' -%}
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
    {#- Where the log is a sample: what its rows stand for. -#}
    {%- set weight = ml_monitor.sampling_weight(spec, 'log.') -%}
    {%- set weighed = {'scaled_current': kinds.current, 'scaled_quarantined': kinds.quarantined} if weight else {} -%}
    {%- set sums = kinds | list + weighed | list -%}
    {%- set is_total = "coalesce(counted.model_version, '__all__') = '__all__' and coalesce(counted.segment_name, '__all__') = '__all__'"
        -%}
    {%- set head -%}
{{ ml_monitor.volume_hours(spec, declaration_hash) }}

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
        {%- for kind, condition in weighed.items() %}
        case when {{ condition }} then {{ weight }} else 0 end as is_{{ kind }},
        {%- endfor %}
        case when log.ml_quarantine_reason = 'event_after_ingest' then {{ half_hours }} end as future_half_hours,
        case when log.ml_row_state = 'quarantined' then log.ml_quarantine_reason end as quarantine_reason,
        case when log.ml_row_state = 'current' then log.{{ event_time }} end as event_time,
        case when log.ml_row_state = 'current' then log.{{ ingest_time or event_time }} end as ingest_time
    from {{ ml_monitor.aliased(log, 'log') }}
    {%- if ml_monitor.is_incremental() %}
    where log.ml_event_hour in (select hour from touched_hours)
    {%- endif %}

),

-- All rows, and by each segment.
counted_values as (

    select
        window_start,
        {#- Versions and segments get their names once counted, so that naming does not cost per row. #}
        {{ ml_monitor.version_name(spec, 'model_version') }} as model_version,
        segment_name,
        segment_value,
        {%- for kind in sums %}
        sum(is_{{ kind }}) as {{ kind }}_rows,
        {%- endfor %}
        min(future_half_hours) as future_half_hours_min,
        max(future_half_hours) as future_half_hours_max,
        min(quarantine_reason) as first_quarantine_reason,
        max(quarantine_reason) as last_quarantine_reason,
        max(event_time) as newest_event_time,
        max(ingest_time) as newest_ingest_time
    from (
        select
            flagged.*,
            segments.segment_name,
            case segments.segment_name
                {%- for segment in spec.segments %}
                when {{ ml_monitor.string_literal(segment) }} then segment_{{ loop.index }}
                {%- endfor %}
                when '__all__' then '__all__'
            end as segment_value
        from flagged
        cross join {{ ml_monitor.segment_names(spec) }} as segments
    ) as by_segment
    group by window_start, model_version, segment_name, segment_value

),

{{ ml_monitor.capped_segments(spec, 'counted_values', 'logged_rows', 'window_start') }}

-- Of each version, and of all together.
counted as (

    select
        counts.window_start,
        case versions.is_apart when 1 then counts.model_version else '__all__' end as model_version,
        counts.segment_name,
        {{ ml_monitor.counted_segment() | indent(8) }} as segment_value,
        {%- for kind in sums %}
        sum(counts.{{ kind }}_rows) as {{ kind }}_rows,
        {%- endfor %}
        min(counts.future_half_hours_min) as future_half_hours_min,
        max(counts.future_half_hours_max) as future_half_hours_max,
        min(counts.first_quarantine_reason) as first_quarantine_reason,
        max(counts.last_quarantine_reason) as last_quarantine_reason,
        max(counts.newest_event_time) as newest_event_time,
        max(counts.newest_ingest_time) as newest_ingest_time
    from counted_values as counts
    cross join (select 0 as is_apart union all select 1 as is_apart) as versions
    left join capped_segments as capped on {{ ml_monitor.is_capped('counts', 'window_start') }}
    group by
        counts.window_start,
        case versions.is_apart when 1 then counts.model_version else '__all__' end,
        counts.segment_name,
        {{ ml_monitor.counted_segment() | indent(8) }}

),

log_hours as (

    select ml_ingest_hour as hour, count(*) as row_count
    from {{ log }}
    {%- if ml_monitor.is_incremental() %}
    where ml_ingest_hour in (select hour from touched_hours)
    {%- endif %}
    group by ml_ingest_hour

),

-- An hour without rows has its total all the same.
measured as (

    select
        touched_hours.hour as window_start,
        coalesce(counted.model_version, '__all__') as model_version,
        coalesce(counted.segment_name, '__all__') as segment_name,
        coalesce(counted.segment_value, '__all__') as segment_value,
        {%- for kind in sums %}
        coalesce(counted.{{ kind }}_rows, 0) as {{ kind }}_rows,
        {%- endfor %}
        counted.future_half_hours_min,
        counted.future_half_hours_max,
        counted.first_quarantine_reason,
        counted.last_quarantine_reason,
        counted.newest_event_time,
        counted.newest_ingest_time,
        case when {{ is_total }} then touched_hours.raw_ingested_rows end as raw_ingested_rows,
        case when {{ is_total }} then coalesce(log_hours.row_count, 0) end as log_ingested_rows
    from touched_hours
    left join counted on touched_hours.hour = counted.window_start
    left join log_hours on touched_hours.hour = log_hours.hour

),

-- Of the statement that found the hours: a later batch has hours of its own.
newest as (

    select coalesce(max(log_batch), 0) as ml_batch from touched_hours

),

{{ ml_monitor.final_select(monitor, 'hourly_volume', 'measured', none, declaration_hash, {
    'window_grain': "'hour'", 'rebuild_key': "'hour ' || cast(window_start as " ~ ml_monitor.text_type() ~ ')',
}) }}
{%- endcall %}
{% endmacro %}


{#-
  The hours to count, with the rows that staging has of them, as the CTEs `raw_hours` and `touched_hours` (hour, raw_ingested_rows,
  log_batch).
  Arguments: spec (dict of monitor_spec), declaration_hash (string).
-#}
{% macro volume_hours(spec, declaration_hash) -%}
{%- set log = ref(spec.name ~ '__inferences_log') -%}
{%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
{%- set ingest_time = ml_monitor.role_column(spec.inferences, 'ingest_time') -%}
raw_hours as (

    select
        {{ ml_monitor.ingest_hour(event_time, ingest_time) }} as hour,
        count(*) as row_count
    from {{ ref('stg_' ~ spec.name ~ '__inferences') }}
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
{%- endmacro %}


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
        ['first_quarantine_reason', 'string', 'First reason of the quarantined rows in alphabetical order; NULL without.'],
        ['last_quarantine_reason', 'string', 'Last reason of the quarantined rows in alphabetical order; NULL without.'],
        ['newest_event_time', 'timestamp', 'Newest event time of the current rows (UTC).'],
        ['newest_ingest_time', 'timestamp', 'Newest ingest time of the current rows (UTC).'],
        ['raw_ingested_rows', 'bigint', 'Rows of staging that were ingested in this hour; NULL except for totals.'],
        ['log_ingested_rows', 'bigint', 'Rows of the log that were ingested in this hour; NULL except for totals.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

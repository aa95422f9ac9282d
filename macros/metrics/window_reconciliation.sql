{#-
  The group `reconciliation` of <m>__window_metrics: the log against what is declared to be true: per hour and day the count that the
  service logged of
  itself, per day the registry of active entities.

  Counted are current and quarantined rows: what the service wrote, each prediction once. A window compares the hours that have a
  declared count, and nets them: what one hour of a day misses and another has too much cancels out. Neither source has a history,
  so a window is written again when its counts, or the entities active on its day, are not those that it was built from.

  Arguments: spec (dict of monitor_spec).
  Returns: CTEs ending in `reconciliation_windows`, the windows to write. Columns: reconciliation_columns; missing_row_share is
  missing_rows / declared_rows, surplus_row_share surplus_rows / counted_rows, missing_entity_share missing / active entities,
  unknown_entity_share unknown_entity_rows / entity_rows, with 99.9 % Wilson bounds. Without the part, and without a declared count, they
  are NULL.
-#}
{% macro reconciliation_windows(spec) -%}
    {%- set grains = ['hour', 'day'] -%}
    {%- set has_registry = ml_monitor.has_part(spec.name, 'registry') -%}
    {%- set count_hour = ml_monitor.role_column(spec.counts, 'count_hour') -%}
    {%- set row_count = ml_monitor.role_column(spec.counts, 'row_count') -%}
    {%- set text = ml_monitor.text_type() -%}
{% if ml_monitor.has_part(spec.name, 'counts') -%}
declared_hours as (

    select {{ ml_monitor.truncate('hour', count_hour) }} as hour, sum({{ row_count }}) as declared_rows
    from {{ ref('stg_' ~ spec.name ~ '__counts') }}
    where {{ count_hour }} is not null and {{ row_count }} >= 0
    group by {{ ml_monitor.truncate('hour', count_hour) }}

),

declared_windows as (

    select
        grains.window_grain,
        {{ ml_monitor.grain_start('d.hour', grains) }} as window_start,
        count(*) as declared_hours,
        sum(d.declared_rows) as declared_rows,
        sum(coalesce(r.current_rows + r.quarantined_rows, 0)) as counted_rows,
        {{ ml_monitor.content_fingerprint(["cast(d.hour as " ~ text ~ ") || ' ' || cast(d.declared_rows as " ~ text ~ ")"]) }}
            as counts_state
    from declared_hours as d
    left join {{ ml_monitor.aliased(ref(spec.name ~ '__hourly_volume'), 'r') }}
        on d.hour = r.window_start and r.model_version = '__all__' and r.segment_name = '__all__'
    cross join {{ ml_monitor.grains(grains) }} as grains
    group by grains.window_grain, {{ ml_monitor.grain_start('d.hour', grains) }}

),
{%- else -%}
declared_windows as (

    {{ ml_monitor.empty_select([
        ['window_grain', 'string', ''], ['window_start', 'timestamp', ''], ['declared_hours', 'bigint', ''],
            ['declared_rows', 'bigint', ''],
        ['counted_rows', 'bigint', ''], ['counts_state', 'string', ''],
    ]) | indent(4) }}

),
{%- endif %}

{% if has_registry -%}
{{ ml_monitor.active_periods(spec, ref('stg_' ~ spec.name ~ '__registry')) }}

{% endif -%}
active_days as (

    {% if has_registry -%}
    select window_start, active_entities, cast(active_entities as {{ text }}) || ' ' || cast(active_hash as {{ text }}) as registry_state
    from day_sums
    where is_window = 1
    {%- else -%}
    {{ ml_monitor.empty_select([
        ['window_start', 'timestamp', ''], ['active_entities', 'bigint', ''], ['registry_state', 'string', ''],
    ]) | indent(4) }}
    {%- endif %}

),

sources as (

    select
        windows.*,
        declared_windows.declared_hours,
        declared_windows.declared_rows,
        declared_windows.counted_rows,
        active_days.active_entities,
        coalesce(declared_windows.counts_state, 'none') || ', ' || coalesce(active_days.registry_state, 'none') as source_state
    from windows
    left join declared_windows on windows.window_grain = declared_windows.window_grain
        and windows.window_start = declared_windows.window_start
    left join active_days on windows.window_grain = 'day' and windows.window_start = active_days.window_start

),

reconciliation_windows as (

    select sources.*
    from sources
    {%- if ml_monitor.is_incremental() %}
    left join {{ this }} as stored
        on
            stored.metric_group = 'reconciliation'
            and stored.window_grain = sources.window_grain
            and stored.window_start = sources.window_start
    where
        {{ ml_monitor.is_touched(
            ml_monitor.declaration_hash(spec, 'reconciliation'), "built.metric_group = 'reconciliation'", 'sources'
        ) | indent(8) }}
        or stored.source_state <> sources.source_state
    {%- endif %}

),
{%- endmacro %}


{#- The select of the group `reconciliation`. Arguments: spec (dict of monitor_spec). -#}
{% macro reconciliation_select(spec) -%}
    {%- set has_registry = ml_monitor.has_part(spec.name, 'registry') -%}
    {%- set entity = ml_monitor.role_column(spec.inferences, 'entity_id') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set day = ml_monitor.truncate('day', 'log.ml_event_hour') -%}
with

{% if has_registry -%}
entity_days as (

    select
        {{ day }} as window_start,
        cast(log.{{ entity }} as {{ text }}) as entity_key,
        count(*) as row_count
    from {{ ml_monitor.aliased(ref(spec.name ~ '__inferences_log'), 'log') }}
    where
        log.ml_row_state = 'current'
        {%- if ml_monitor.is_incremental() %}
        and {{ day }} in (select window_start from reconciliation_windows where window_grain = 'day')
        {%- endif %}
    group by {{ day }}, cast(log.{{ entity }} as {{ text }})

),

seen_days as (

    select
        e.window_start,
        sum(e.row_count) as entity_rows,
        sum(case when e.entity_key is null then e.row_count else 0 end) as null_entity_rows,
        sum(case when p.entity_key is null then e.row_count else 0 end) as unknown_entity_rows,
        count(p.entity_key) as seen_entities
    from entity_days as e
    left join active_periods as p on e.entity_key = p.entity_key and e.window_start >= p.first_day and e.window_start < p.end_day
    group by e.window_start

),

{% endif -%}
compared as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        coalesce(w.declared_hours, 0) as declared_hours,
        w.declared_rows,
        w.counted_rows,
        case when w.declared_rows is not null then {{ ml_monitor.greatest_of([0, 'w.declared_rows - w.counted_rows']) }} end
            as missing_rows,
        case when w.declared_rows is not null then {{ ml_monitor.greatest_of([0, 'w.counted_rows - w.declared_rows']) }} end
            as surplus_rows,
        w.active_entities,
        {%- for name in ['seen_entities', 'entity_rows', 'null_entity_rows', 'unknown_entity_rows'] %}
        {{ "case when w.window_grain = 'day' then coalesce(seen_days." ~ name ~ ', 0) end' if has_registry else 'cast(null as bigint)' }}
            as {{ name }},
        {%- endfor %}
        w.source_state
    from reconciliation_windows as w
    {%- if has_registry %}
    left join seen_days on w.window_grain = 'day' and w.window_start = seen_days.window_start
    {%- endif %}

),

measured as (

    select
        compared.*,
        {%- for name, numerator, denominator in [
            ['missing_row_share', 'missing_rows', 'declared_rows'], ['surplus_row_share', 'surplus_rows', 'counted_rows'],
            ['missing_entity_share', '(active_entities - seen_entities)', 'active_entities'],
            ['unknown_entity_share', 'unknown_entity_rows', 'entity_rows'],
        ] %}
        {{ ml_monitor.bounded_ratio(name, numerator, denominator) }}{{ ',' if not loop.last }}
        {%- endfor %}
    from compared

),

{{ ml_monitor.group_select(spec, 'reconciliation', 'measured', ['window_grain', 'window_start']) }}
{%- endmacro %}


{#-
  CTEs ending in `active_periods` (entity_key, first_day, end_day: the days on which an entity is active, end excluded, overlaps
  merged) and `day_sums`, which counts the entities of each day of `windows` by adding up who begins and ends: no day is joined to
  the registry. An entity is active on a day if it is so for any moment of it.

  Arguments: spec (dict of monitor_spec), registry (relation).
-#}
{% macro active_periods(spec, registry) -%}
{%- set active_from = ml_monitor.role_column(spec.registry, 'active_from') -%}
{%- set active_until = ml_monitor.role_column(spec.registry, 'active_until') -%}
{%- set always = ml_monitor.timestamp_literal('0001-01-01 00:00:00') -%}
{%- set first_day = 'coalesce(' ~ ml_monitor.truncate('day', active_from) ~ ', ' ~ always ~ ')' if active_from else always -%}
{%- set never = ml_monitor.timestamp_literal('9999-12-31 00:00:00') -%}
{%- set until_day = ml_monitor.truncate('day', active_until) -%}
registry_periods as (

    select distinct
        cast({{ ml_monitor.role_column(spec.registry, 'entity_id') }} as {{ ml_monitor.text_type() }}) as entity_key,
        {{ first_day }} as first_day,
        {%- if active_until %}
        case
            when {{ active_until }} is null then {{ never }}
            when {{ active_until }} = {{ until_day }} then {{ until_day }}
            else cast({{ ml_monitor.date_add('day', 1, until_day) }} as timestamp)
        end as end_day
        {%- else %}
        {{ never }} as end_day
        {%- endif %}
    from {{ registry }}
    where
        {{ ml_monitor.role_column(spec.registry, 'entity_id') }} is not null
        {%- if active_from and active_until %}
        and ({{ active_from }} is null or {{ active_until }} is null or {{ active_from }} < {{ active_until }})
        {%- endif %}

),

period_starts as (

    select
        *,
        case
            when max(end_day) over (
                partition by entity_key order by first_day, end_day rows between unbounded preceding and 1 preceding
            ) >= first_day then 0
            else 1
        end as is_start
    from registry_periods

),

period_numbers as (

    select
        *,
        sum(is_start) over (
            partition by entity_key order by first_day, end_day rows between unbounded preceding and current row
        ) as period_number
    from period_starts

),

active_periods as (

    select entity_key, min(first_day) as first_day, max(end_day) as end_day
    from period_numbers
    group by entity_key, period_number

),

day_changes as (

    select
        case edges.is_end when 0 then first_day else end_day end as window_start,
        sum(1 - 2 * edges.is_end) as entity_change,
        sum((1 - 2 * edges.is_end) * {{ ml_monitor.modulo(ml_monitor.key_hash('entity_key'), 1000000007) }}) as hash_change,
        0 as is_window
    from active_periods
    cross join (select 0 as is_end union all select 1 as is_end) as edges
    group by case edges.is_end when 0 then first_day else end_day end
    union all
    select window_start, 0 as entity_change, 0 as hash_change, 1 as is_window
    from windows
    where window_grain = 'day'

),

day_sums as (

    select
        window_start,
        max(is_window) as is_window,
        sum(sum(entity_change)) over (order by window_start rows between unbounded preceding and current row) as active_entities,
        sum(sum(hash_change)) over (order by window_start rows between unbounded preceding and current row) as active_hash
    from day_changes
    group by window_start

),
{%- endmacro %}


{#- The columns of the group `reconciliation` of <m>__window_metrics. -#}
{% macro reconciliation_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['reconciliation_id', 'string', 'md5 of monitor, window_grain and window_start.'],
        'monitor', 'window_grain', 'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        ['declared_hours', 'int', 'Hours of the window that have a declared count; 0 without any.'],
        ['declared_rows', 'bigint', 'Rows that the service counted in those hours; NULL without a declared count.'],
        ['counted_rows', 'bigint', 'Current and quarantined rows of the log in those hours; NULL without a declared count.'],
        ['missing_rows', 'bigint', 'declared_rows - counted_rows, 0 if that is negative.'],
        ['surplus_rows', 'bigint', 'counted_rows - declared_rows, 0 if that is negative.'],
        ['missing_row_share', 'bounded', 'missing_rows / declared_rows (0 to 1); NULL if none are declared.'],
        ['surplus_row_share', 'bounded', 'surplus_rows / counted_rows (0 to 1); NULL if none are counted.'],
        ['active_entities', 'bigint', 'Entities that the registry holds as active at any moment of the day; NULL for hours.'],
        ['seen_entities', 'bigint', 'Of these the ones with a current row on the day; NULL for hours.'],
        ['entity_rows', 'bigint', 'Current rows of the day; NULL for hours.'],
        ['null_entity_rows', 'bigint', 'Of these the ones without an entity; NULL for hours.'],
        ['unknown_entity_rows', 'bigint', 'Current rows whose entity is not active on the day, those without an entity included; NULL for '
            'hours.'],
        ['missing_entity_share', 'bounded', 'Active entities without a current row / active_entities (0 to 1); NULL for hours and without '
            'active entities.'],
        ['unknown_entity_share', 'bounded', 'unknown_entity_rows / entity_rows (0 to 1); NULL for hours and without rows.'],
        ['source_state', 'string', 'What the counts and the registry held; when it changes, the window is rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

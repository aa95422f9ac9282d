{#-
  The group `reconciliation` of <m>__window_metrics: the log against what is declared to be true: per hour and day the count that the
  service logged of itself, per day the registry of active entities.

  Counted are current and quarantined rows: what the service wrote, each prediction once. A window compares the hours that have a
  declared count, and nets them: what one hour of a day misses and another has too much cancels out. Neither source has a history,
  so a window is written again when its counts, or the entities active on its day, are not those that it was built from.

  Arguments: spec (dict of monitor_spec).
  Returns: CTEs ending in `reconciliation_windows`, the windows to write. Columns: reconciliation_columns; missing_row_share is
  missing_rows / declared_rows, surplus_row_share surplus_rows / counted_rows, missing_entity_share missing / active entities,
  unknown_entity_share unknown_entity_rows / entity_rows, with 99.9 % Wilson bounds. Without the part, and without a declared count, they
  are NULL.

  Where the log is a sample, counted_rows are the requests that its rows stand for (scaled by 1 / sampling_fraction), and the bounds of
  the shares of rows are wider by the chance of the sample.
-#}
{% macro reconciliation_windows(spec) -%}
    {%- set grains = ['hour', 'day'] -%}
    {%- set has_registry = ml_monitor.has_part(spec.name, 'registry') -%}
    {%- set count_hour = ml_monitor.role_column(spec.counts, 'count_hour') -%}
    {%- set row_count = ml_monitor.role_column(spec.counts, 'row_count') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set is_sampled = ml_monitor.sampling_weight(spec) is not none and ml_monitor.has_part(spec.name, 'counts') -%}
    {%- set seen_rows, scaled_rows = 'r.current_rows + r.quarantined_rows', 'r.scaled_current_rows + r.scaled_quarantined_rows' -%}
    {%- set weight = 'coalesce(declared_windows.sampling_weight, newest_rows.scaled_current_rows / newest_rows.current_rows, 1)' -%}
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
        {%- if is_sampled %}
        cast(round(sum(coalesce({{ scaled_rows }}, 0))) as bigint) as counted_rows,
        sum(coalesce({{ seen_rows }}, 0)) as sampled_rows,
        {{ ml_monitor.ratio('sum(' ~ scaled_rows ~ ')', 'sum(' ~ seen_rows ~ ')') }} as sampling_weight,
        {%- else %}
        sum(coalesce({{ seen_rows }}, 0)) as counted_rows,
        {%- endif %}
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
        {%- if is_sampled %}
        declared_windows.sampled_rows,
        {{ weight }} as sampling_weight,
        {%- endif %}
        active_days.active_entities,
        coalesce(declared_windows.counts_state, 'none') || ', ' || coalesce(active_days.registry_state, 'none')
            {{- " || case when declared_windows.sampled_rows = 0 then ', weight ' || cast(" ~ weight ~ ' as ' ~ text
                ~ ") else '' end" if is_sampled }} as source_state
    from windows
    left join declared_windows on windows.window_grain = declared_windows.window_grain
        and windows.window_start = declared_windows.window_start
    {%- if is_sampled %}
    -- A window without rows is taken for as sampled as the newest rows before it.
    left join spine on declared_windows.sampled_rows = 0 and windows.window_start = spine.hour
    left join {{ ml_monitor.aliased(ref(spec.name ~ '__hourly_volume'), 'newest_rows') }}
        on
            spine.newest_row_hour = newest_rows.window_start
            and newest_rows.model_version = '__all__'
            and newest_rows.segment_name = '__all__'
    {%- endif %}
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

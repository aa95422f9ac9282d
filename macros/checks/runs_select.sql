{#-
  What a run found and which hours it built again, as <m>__history records it.

  The case of a run is the first of these that fits:
    first_run            nothing was there
    full_refresh         asked for by --full-refresh
    changed_declaration  a table is built from another declaration than before; `rebuilt_tables` names them
    nothing_new          no hour was touched
    back_fill            ML_REBUILD_FROM was given, or predictions came for hours before the oldest known
    catch_up             predictions reach more than 36 hours (var ml_catch_up_hours) beyond the newest known
    late_rows            predictions came that are late (declared late_after_minutes, in whole hours) against the newest known
    label_wave           labels came, or changed, for at least 24 hours (var ml_label_wave_hours) that have no new predictions
    standard             anything else

  Arguments: monitor (string).
  Columns: runs_columns.
-#}
{% macro runs_select(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set has_labels = ml_monitor.has_part(monitor, 'labels') -%}
    {%- set labels_log = ref(monitor ~ '__labels_log') if has_labels else none -%}
    {%- set rollup = ref(monitor ~ '__hourly_outcomes') if has_labels else ref(monitor ~ '__hourly_profile') -%}
    {%- set ns = namespace(tables=[], hashes=[], revision='') -%}
    {%- for name in ['ML_GIT_REVISION', 'GITHUB_SHA', 'CI_COMMIT_SHA', 'DBT_CLOUD_GIT_SHA'] if not ns.revision -%}
        {%- set ns.revision = ml_monitor.run_variable(name) -%}
    {%- endfor -%}
    {#- The logs have hashes of their own, which show in their batches; these are the tables counted from them. -#}
    {%- for table in ['hourly_profile', 'hourly_volume', 'hourly_outcomes', 'hourly_joins', 'hourly_relations', 'hourly_embeddings']
        if table == 'hourly_joins' or ml_monitor.has_table(monitor, table) -%}
        {%- set ns.tables = ns.tables + [table] -%}
        {%- set ns.hashes = ns.hashes + [table ~ ' ' ~ ml_monitor.declaration_hash(spec, table)] -%}
    {%- endfor -%}
    {%- set refreshed = flags.FULL_REFRESH -%}
    {%- set late_after_hours = (spec.late_after_minutes / 60) | round(0, 'ceil') | int -%}
with

previous as (

    {% if ml_monitor.is_incremental() -%}
    select *
    from {{ this }}
    where record = 'run'
    order by recorded_at desc
    limit 1
    {%- else -%}
    select
        cast(0 as bigint) as ml_batch,
        cast(0 as bigint) as labels_batch,
        cast(null as timestamp) as oldest_hour,
        cast(null as timestamp) as newest_hour,
        cast('' as {{ text }}) as declaration_hashes
    {%- endif %}

),

log_state as (

    select
        coalesce(max(ml_batch), 0) as ml_batch,
        min(case when ml_row_state = 'current' then ml_event_hour end) as oldest_hour,
        max(case when ml_row_state = 'current' then ml_event_hour end) as newest_hour,
        coalesce(sum(case when ml_batch > (select ml_batch from previous) then 1 else 0 end), 0) as changed_rows
    from {{ log }}

),

labels_state as (

    {% if has_labels -%}
    select
        coalesce(max(ml_batch), 0) as ml_batch,
        coalesce(sum(case when ml_batch > (select labels_batch from previous) then 1 else 0 end), 0) as changed_rows
    from {{ labels_log }}
    {%- else -%}
    select
        0 as ml_batch,
        0 as changed_rows
    {%- endif %}

),

row_hours as (

    select ml_event_hour as hour, max(case when ml_row_state = 'current' then 1 else 0 end) as is_current
    from {{ log }}
    where ml_batch > (select ml_batch from previous)
    group by ml_event_hour

),

rebuilt as (

    select distinct r.window_start as hour
    from {{ ml_monitor.aliased(rollup, 'r') }}
    cross join previous
    where
        r.window_grain = 'hour'
        {%- if not refreshed %}
        and (
            r.ml_batch > previous.ml_batch
            {%- if has_labels %}
            or r.labels_batch > previous.labels_batch
            {%- endif %}
            or previous.declaration_hashes <> '{{ ns.hashes | join(', ') }}'
        )
        {%- endif %}

),

islands as (

    select
        hour,
        sum(is_start) over (order by hour rows between unbounded preceding and current row) as island
    from (
        select
            hour,
            case when lag(hour) over (order by hour) = {{ ml_monitor.add_hours('hour', '-1') }} then 0 else 1 end as is_start
        from rebuilt
    ) as starts

),

ranges as (

    select
        island,
        substring(cast(min(hour) as {{ text }}), 1, 16)
        || case when count(*) = 1 then '' else ' to ' || substring(cast(max(hour) as {{ text }}), 1, 16) end as range_text
    from islands
    group by island

),

rebuilt_state as (

    select
        (select count(*) from rebuilt) as rebuilt_hours,
        (select count(*) from rebuilt where hour not in (select hour from row_hours)) as label_only_hours,
        (select min(hour) from rebuilt) as first_rebuilt_hour,
        (select max(hour) from rebuilt) as last_rebuilt_hour,
        (select {{ ml_monitor.joined_texts('range_text', "', '", ['island']) }} from ranges where island <= 5)
        || case when (select count(*) from ranges) > 5 then ', ...' else '' end as rebuilt_ranges,
        (select min(hour) from row_hours where is_current = 1) as first_row_hour

),

changed_tables as (
    {% for table in ns.tables %}
    select '{{ table }}' as table_name from previous where previous.declaration_hashes not like '%{{ ns.hashes[loop.index0] }}%'
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

named as (

    select
        log_state.*,
        labels_state.ml_batch as labels_batch,
        labels_state.changed_rows as changed_labels,
        rebuilt_state.*,
        (select {{ ml_monitor.joined_texts('table_name', "', '", ['table_name']) }} from changed_tables) as changed_tables,
        case
            when previous.declaration_hashes = '' then 'first_run'
            when {{ 'true' if refreshed else 'false' }} then 'full_refresh'
            when (select count(*) from changed_tables) > 0 then 'changed_declaration'
            when rebuilt_state.rebuilt_hours = 0 then 'nothing_new'
            when {{ 'true' if ml_monitor.rebuild_range() else 'false' }} or rebuilt_state.first_row_hour < previous.oldest_hour
                then 'back_fill'
            when log_state.newest_hour > {{ ml_monitor.date_add('hour', ml_monitor.setting('catch_up_hours'), 'previous.newest_hour') }}
                then 'catch_up'
            when rebuilt_state.first_row_hour < {{ ml_monitor.date_add('hour', -late_after_hours, 'previous.newest_hour') }}
                then 'late_rows'
            when rebuilt_state.label_only_hours >= {{ ml_monitor.setting('label_wave_hours') }} then 'label_wave'
            else 'standard'
        end as run_case
    from log_state
    cross join labels_state
    cross join rebuilt_state
    cross join previous

),

final as (

    select
        named.*,
        '{{ monitor }}' as monitor,
        {{ ml_monitor.string_literal(ns.revision) if ns.revision else 'cast(null as ' ~ text ~ ')' }} as git_revision,
        case when run_case = 'changed_declaration' then changed_tables end as rebuilt_tables,
        '{{ monitor }}: ' || run_case
        || case when run_case = 'changed_declaration' then ' of ' || changed_tables else '' end
        || ', ' || cast(changed_rows as {{ text }}) || ' log rows and ' || cast(changed_labels as {{ text }}) || ' labels changed, '
        || case
            when rebuilt_hours = 0 then 'no hour rebuilt'
            else
                cast(rebuilt_hours as {{ text }}) || ' hours rebuilt (' || cast(label_only_hours as {{ text }}) || ' for labels only): '
                || rebuilt_ranges
        end as message,
        '{{ ns.hashes | join(', ') }}' as declaration_hashes
    from named

)

select * from final
{%- endmacro %}

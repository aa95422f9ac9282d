{#- The select of the group `reconciliation`. Arguments: spec (dict of monitor_spec). -#}
{% macro reconciliation_select(spec) -%}
    {%- set has_registry = ml_monitor.has_part(spec.name, 'registry') -%}
    {%- set entity = ml_monitor.role_column(spec.inferences, 'entity_id') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set is_sampled = ml_monitor.sampling_weight(spec) is not none and ml_monitor.has_part(spec.name, 'counts') -%}
    {%- set noise = ml_monitor.sampling_noise('w.declared_rows', 'w.sampling_weight') -%}
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
        {%- if is_sampled %}
        w.sampled_rows,
        w.declared_rows / w.sampling_weight as expected_rows,
        {%- for side, sign in {'low': '-', 'high': '+'}.items() %}
        {{ ml_monitor.greatest_of([0, 'w.declared_rows - w.counted_rows ' ~ sign ~ ' ' ~ noise]) }} as missing_rows_{{ side }},
        {{ ml_monitor.greatest_of([0, 'w.counted_rows - w.declared_rows ' ~ sign ~ ' ' ~ noise]) }} as surplus_rows_{{ side }},
        {%- endfor %}
        {%- endif %}
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
        {{ ml_monitor.bounded_ratio(name, numerator, denominator, is_sampled and numerator in ['missing_rows', 'surplus_rows'])
            }}{{ ',' if not loop.last }}
        {%- endfor %}
    from compared

),

{#- The evidence of a sample is the rows that it has, and those that it should have. #}
{{ ml_monitor.group_select(spec, 'reconciliation', 'measured', ['window_grain', 'window_start'],
    {'current_rows': 'sampled_rows', 'expected_rows': 'expected_rows'} if is_sampled else {}) }}
{%- endmacro %}

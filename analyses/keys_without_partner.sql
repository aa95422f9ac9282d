-- Which keys of a declared join find no partner, most rows first: how many rows, when first and last, and how often the key had come
-- before the time asked about. A key that is new points to a late lookup; one that came before to a lookup that lost it, or to
-- a spelling that changed.
--     dbt show -s keys_without_partner --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, join: aircraft, from: "2013-09-17 12:00:00", until: "2013-09-17 16:00:00"}}'
-- Without `monitor` and `join` it speaks of the first ones that are listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{% set join = given.get('join') or (ml_monitor.lookups(monitor) + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none' and join != 'none')) }}
{% set from = given.get('from', '2013-09-17 12:00:00') %}
{% set until = given.get('until', '2013-09-17 16:00:00') %}
{% set spec = ml_monitor.monitor_spec(monitor) %}
{% set ns = namespace(on=[]) %}
{% for one in spec.joins if one.name == join %}{% set ns.on = one.on %}{% endfor %}
{% set keys = ns.on | map('first') | list %}
with

predictions as (

    select
        {%- for key in keys %}
        log.{{ key }},
        {%- endfor %}
        log.ml_event_hour,
        case
            when
                not exists (
                    select 1
                    from {{ ref('stg_' ~ monitor ~ '__' ~ join) }} as partner
                    where {% for own, other in ns.on %}partner.{{ other }} = log.{{ own }}{{ ' and ' if not loop.last }}{% else %}1 = 1{% endfor %}
                )
                then 1
            else 0
        end as is_alone
    from {{ ref(monitor ~ '__inferences_log') }} as log
    where log.ml_row_state = 'current' and log.ml_event_hour < cast('{{ until }}' as timestamp)

),

final as (

    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        sum(case when ml_event_hour >= cast('{{ from }}' as timestamp) then 1 else 0 end) as row_count,
        min(case when ml_event_hour >= cast('{{ from }}' as timestamp) then ml_event_hour end) as first_hour,
        max(case when ml_event_hour >= cast('{{ from }}' as timestamp) then ml_event_hour end) as last_hour,
        sum(case when ml_event_hour < cast('{{ from }}' as timestamp) then 1 else 0 end) as rows_before
    from predictions
    where is_alone = 1
    group by {{ keys | join(', ') if keys else 'is_alone' }}
    having max(ml_event_hour) >= cast('{{ from }}' as timestamp)

)

select *
from final
order by row_count desc, last_hour desc

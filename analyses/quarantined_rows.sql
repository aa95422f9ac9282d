-- The rows that could not be used, newest first, with the reason, their raw values, and how many of the hour share the reason.
-- ml_first_seen and ml_last_seen say when a row of the same prediction id was first and last refused for it: how long this has gone on.
-- They are counted in the hour of their event, or of their ingest if the event time cannot be used.
--     dbt show -s quarantined_rows --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, from: "2013-08-06", until: "2013-08-07"}}'
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set from = given.get('from', '1970-01-01') %}
{% set until = given.get('until', '9999-12-31') %}
with

final as (

    select
        count(*) over (partition by ml_event_hour, ml_quarantine_reason) as rows_of_hour_and_reason,
        quarantine.*
    from {{ ref(monitor ~ '__quarantine') }} as quarantine
    where
        ml_event_hour >= cast('{{ from }}' as timestamp)
        and ml_event_hour < cast('{{ until }}' as timestamp)

)

select *
from final
order by ml_event_hour desc, ml_quarantine_reason asc

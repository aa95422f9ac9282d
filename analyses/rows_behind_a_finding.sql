-- The rows of one window as they were logged, those left out included: ml_row_state says which count (current), which repeat a
-- prediction id (duplicate) and which could not be used (quarantined, with the reason). Take the window from the finding.
-- Only the rows that one check counted: rows_query of ml_checks is the query that returns them (docs/gates/quality.md).
-- The hour is that of the event; a row without a usable event time counts in the hour it was ingested. Rows of one key stand together.
--     dbt show -s rows_behind_a_finding --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, from: "2013-05-14 13:00:00", until: "2013-05-14 14:00:00"}}'
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set from = given.get('from', '2013-05-14 13:00:00') %}
{% set until = given.get('until', '2013-05-14 14:00:00') %}
with

final as (

    select *
    from {{ ref(monitor ~ '__inferences_log') }}
    where
        ml_event_hour >= cast('{{ from }}' as timestamp)
        and ml_event_hour < cast('{{ until }}' as timestamp)

)

select *
from final
order by ml_event_hour, ml_key_hash, ml_row_state

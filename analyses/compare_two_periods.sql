-- What moved between two periods of a monitor, two of its versions or two of its segments, the most important first: every distance of
-- every column, from rollups alone. `reference` may also be training, serving, previous, trailing, seasonal or a golden period.
--     dbt show -s compare_two_periods --output json --limit -1 --vars '{ml_analysis: {monitor: flight_delay, current: {from: "2013-07-15",
--         until: "2013-07-22"}, reference: {from: "2013-06-01", until: "2013-07-01"}}}'
--     current: {model_version: v2}, reference: {model_version: v1}
--     current: {segment: {origin: JFK}}, reference: {segment: {origin: LGA}}
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set current = given.get('current', {'from': '2013-07-15', 'until': '2013-07-22'}) %}
{% set reference = given.get('reference', {'from': '2013-06-01', 'until': '2013-07-01'}) %}
select *
from (
    {{ ml_monitor.compare(monitor, current, reference) | indent(4) }}
) as compared
order by weighted_excess desc nulls last, psi_excess desc nulls last, column_name asc

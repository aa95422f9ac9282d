-- Why one column moved between two periods: each bin with its part of PSI, in words, the largest first.
--     dbt show -s why_a_column_moved --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, column: temp, current: {from: "2013-07-17",
--         until: "2013-07-18"}, reference: {from: "2013-06-01", until: "2013-07-01"}}}'
-- Which segment brought it is in why_a_segment_moved. Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set column = given.get('column', 'temp') %}
{% set current = given.get('current', {'from': '2013-07-17', 'until': '2013-07-18'}) %}
{% set reference = given.get('reference', {'from': '2013-06-01', 'until': '2013-07-01'}) %}
select *
from (
    {{ ml_monitor.compare_bins(monitor, current, reference, column) | indent(4) }}
) as compared
order by contribution desc

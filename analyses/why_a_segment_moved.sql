-- Which segments brought the change of a column between two periods: by having more or fewer rows (mix), or other values (within).
-- Mix and within of all values add up to the column's PSI.
--     dbt show -s why_a_segment_moved --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, column: distance, segment: carrier,
--         current: {from: "2013-08-01", until: "2013-08-15"}, reference: {from: "2013-06-01", until: "2013-07-01"}}}'
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set column = given.get('column', 'distance') %}
{% set segment = given.get('segment', 'carrier') %}
{% set current = given.get('current', {'from': '2013-08-01', 'until': '2013-08-15'}) %}
{% set reference = given.get('reference', {'from': '2013-06-01', 'until': '2013-07-01'}) %}
select *
from (
    {{ ml_monitor.compare_segments(monitor, current, reference, column, segment) | indent(4) }}
) as compared
order by contribution desc, segment_value asc

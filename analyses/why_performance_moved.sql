-- Which values of a segment a change of performance between two periods comes from: more or fewer rows of them (mix), or worse predictions
-- on them (within). Mix and within of all values add up to the change.
--     dbt show -s why_performance_moved --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_air_time, metric: mae, segment: carrier,
--         current: {from: "2013-08-01", until: "2013-08-15"}, reference: {from: "2013-03-01", until: "2013-04-01"}}}'
-- Without `monitor` it speaks of the first one that is listed. Needs labels and a segment.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none' and ml_monitor.has_part(monitor, 'labels'))) }}
{% set current = given.get('current', {'from': '2013-08-01', 'until': '2013-08-15'}) %}
{% set reference = given.get('reference', {'from': '2013-03-01', 'until': '2013-04-01'}) %}
select *
from (
    {{ ml_monitor.compare_performance(
        monitor, current, reference, given.get('metric', 'accuracy'), given.get('segment', 'carrier')
    ) | indent(4) }}
) as compared
order by contribution asc, segment_value asc

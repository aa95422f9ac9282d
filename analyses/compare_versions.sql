-- Two versions of a model side by side: which is better, in what, by how much and how surely. `from` and `until` should be days on which
-- both served, as in a test of a new version; without them all days of both count. Needs labels.
--     dbt show -s compare_versions --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, version_a: v1, version_b: v2, from: "2013-07-25", until: "2013-08-08"}}'
--     segment: each value of a declared segment by itself
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none' and ml_monitor.has_part(monitor, 'labels'))) }}
{% set period = {} %}
{% for key in ['from', 'until'] if given.get(key) %}{% do period.update({key: given[key]}) %}{% endfor %}
{{ ml_monitor.compare_versions(
    monitor, given.get('version_a', 'v1'), given.get('version_b', 'v2'), period, given.get('segment')
) }}
order by segment_value, metric_name

-- May version_b of a model replace version_a? Each criterion with its verdict. `from` and `until` should be days on which both served.
--     dbt show -s promotion --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, version_a: v1, version_b: v2, from: "2013-07-25", until: "2013-08-08"}}'
--     metric, margin, segment_margin, min_rows: as of the macro promotion_checks
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none' and ml_monitor.has_part(monitor, 'labels'))) }}
{% set period = {} %}
{% for key in ['from', 'until'] if given.get(key) %}{% do period.update({key: given[key]}) %}{% endfor %}
{{ ml_monitor.promotion_checks(
    monitor, given.get('version_b', 'v2'), given.get('version_a', 'v1'), period, given.get('metric'), given.get('margin', 0.02),
    given.get('segment_margin', 0.05), given.get('min_rows', 100)
) }}
order by status, criterion, segment_name, segment_value

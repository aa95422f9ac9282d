-- What a binary monitor would have had at other decision thresholds: precision, recall and what the errors cost.
--     dbt show -s performance_by_threshold --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, from: "2013-08-01", until: "2013-09-01",
--         costs: {false_positive: 1, false_negative: 5}}}'
-- Without `monitor` it speaks of the first one that is listed. Needs labels, and a binary task with a score.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none' and ml_monitor.has_part(monitor, 'labels'))) }}
{% set period = {} %}
{% for key in ['from', 'until', 'model_version'] if given.get(key) %}{% do period.update({key: given[key]}) %}{% endfor %}
{{ ml_monitor.performance_by_threshold(monitor, period, given.get('costs', {})) }}
order by threshold

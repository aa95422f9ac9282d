-- AUC and average precision of each day from single rows, beside those of ml_performance, which are from score cells. Needs labels, and a
-- binary task with a score.
--     dbt show -s exact_ranking --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, from: "2013-08-01", until: "2013-09-01"}}'
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none' and ml_monitor.has_part(monitor, 'labels'))) }}
{% set period = {'from': given.get('from', '2013-08-01'), 'until': given.get('until', '2013-09-01')} %}
{% if given.get('model_version') %}{% do period.update({'model_version': given.model_version}) %}{% endif %}
select
    exact.*,
    cells.auc as auc_from_cells,
    cells.average_precision as average_precision_from_cells
from (
    {{ ml_monitor.exact_ranking(monitor, period) | indent(4) }}
) as exact
left join {{ ref(monitor ~ '__performance') }} as cells
    on
        exact.window_start = cells.window_start
        and cells.window_grain = 'day'
        and cells.segment_name = '__all__'
        and cells.model_version = {{ ml_monitor.string_literal(given.get('model_version') or '__all__') }}
order by exact.window_start

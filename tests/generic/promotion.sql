{#-
  Test of a version that is to replace another one, on model <m>__performance: fails unless every criterion of promotion_checks passes;
  warns of segment values with too few labelled rows.
  Arguments: monitor, candidate, current (strings); from, until (UTC days as text, optional), metric, margin, segment_margin, min_rows as
    promotion_checks has them.
  Rows: status, message.
-#}
{% test promotion(model, monitor, candidate, current, from=none, until=none, metric=none, margin=0.02, segment_margin=0.05, min_rows=100) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set period = {} -%}
{%- for key, day in {'from': from, 'until': until}.items() if day -%}{%- do period.update({key: day}) -%}{%- endfor %}
select
    case when status = 'not_evaluated' and criterion = 'segment' then 'warn' else 'fail' end as status,
    message
from (
    {{ ml_monitor.promotion_checks(monitor, candidate, current, period, metric, margin, segment_margin, min_rows) | indent(4) }}
) as checked
where status <> 'pass'
{% endtest %}

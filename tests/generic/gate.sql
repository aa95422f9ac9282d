{#-
  Test of one category of a monitor's gate, on model <m>__gate: fails if a check fails, warns if one newly warns.
  Arguments: category (string): contract, freshness, volume, quality, drift or performance.
  Rows: the failing and warning checks, worst first, with their messages.
-#}
{% test gate(model, category) %}
{{- ml_monitor.configure_limits_test() -}}
select *
from {{ model }}
where
    category = {{ ml_monitor.string_literal(category) }}
    and (status = 'fail' or (status = 'warn' and not is_repeat))
{% endtest %}

{#-
  Test of one category of a monitor's gate, on model <m>__gate: fails if a check fails, warns if one newly warns.
  Arguments: category (string): contract, freshness, volume, quality, drift or performance.
  Rows: the failing and warning checks, worst first, with their messages.
-#}
{% test gate(model, category) %}
    {{- config(
        fail_calc="coalesce(sum(case when status = 'fail' then 1 else 0 end), 0)",
        error_if='> 0',
        warn_if='>= 0 and count(*) > 0',
    ) -}}
select *
from {{ model }}
where
    category = {{ ml_monitor.string_literal(category) }}
    and (status = 'fail' or (status = 'warn' and not is_repeat))
{% endtest %}

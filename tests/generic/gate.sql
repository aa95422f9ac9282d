{#-
  Test of one category of a monitor's gate, on model <m>__gate: fails if a check fails or has an unknown status, warns if a check newly
  warns.
  Arguments: category (string): contract, freshness, volume, quality, drift or performance.
  Rows: the failing and warning checks, worst first, with their messages.
-#}
{% test gate(model, category) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set status = "case when status in ('pass', 'warn', 'not_evaluated') then status else 'fail' end as status" %}
select
    {%- for name, type, description in ml_monitor.gate_columns() %}
    {{ status if name == 'status' else name }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ model }}
where
    category = {{ ml_monitor.string_literal(category) }}
    and (
        status is null
        or status not in ('pass', 'warn', 'not_evaluated')
        or (status = 'warn' and not is_repeat)
    )
{% endtest %}

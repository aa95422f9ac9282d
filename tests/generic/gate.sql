{#-
  Test of one category of a monitor's gate, on model <m>__gate: fails if a check fails or has an unknown status, warns if a check newly
  warns. It also fails if the gate was built for another moment: a view that was left from an earlier run says nothing about this one. Where
  ML_AS_OF is not given, a gate of the last three hours counts, so that `dbt test` may follow `dbt run`.
  Arguments: category (string): contract, freshness, volume, quality, drift or performance.
  Rows: the failing and warning checks, worst first, with their messages.
-#}
{% test gate(model, category) %}
{{- ml_monitor.configure_limits_test() -}}
{{- config(meta={'description': 'Checks of the ' ~ category ~ ' gate. If it fails: '
    ~ ml_monitor.setting('docs') ~ '/gates/' ~ category ~ '.md'}) -}}
{%- set earliest = ml_monitor.as_of() if ml_monitor.is_as_of_given() else ml_monitor.date_add('hour', -3, ml_monitor.as_of()) -%}
{%- set message = "'the gate was built for ' || coalesce(cast(max(as_of) as " ~ ml_monitor.text_type() ~ "), 'no moment') || ', this test "
    ~ "judges " ~ ml_monitor.as_of_text() ~ ": build the gate in this run (dbt build)'" -%}
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
{%- if not ml_monitor.is_empty_run() %}
union all
select
    {{ ml_monitor.typed_columns(ml_monitor.gate_columns(), {
        'category': ml_monitor.string_literal(category), 'status': "'fail'", 'is_repeat': 'false', 'reason': "'stale_gate'",
        'metric': "'stale_gate'", 'subject': "'__rows__'", 'as_of': 'max(as_of)', 'monitor': 'max(monitor)', 'owner': 'max(owner)',
        'message': message,
    }, own=[]) | indent(4) }}
from {{ model }}
having coalesce(max(as_of) < {{ earliest }} or max(as_of) > {{ ml_monitor.as_of() }}, true)
{%- endif %}
{% endtest %}

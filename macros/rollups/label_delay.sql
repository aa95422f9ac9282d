{#-
  How long after its prediction a label was known, as label_delay_hours of <m>__hourly_outcomes has it: one of label_delays, of which it is
  at most so many hours; 999999 if it came later than all of them; -1 if its time lies before that of the prediction (beyond
  event_tolerance_minutes); 0 without a label, or without its time.

  Arguments: spec; the aliases `log` and `labels` are there, a row without a label has no `labels.ml_key_hash`.
  Returns: SQL, an integer.
-#}
{% macro label_delay(spec) -%}
{%- set label_time = ml_monitor.role_column(spec.labels, 'label_time') -%}
{%- set known_at = ml_monitor.role_column(spec.labels, 'ingest_time') or label_time -%}
{%- set event_time = 'log.' ~ ml_monitor.role_column(spec.inferences, 'event_time') -%}
case
    when labels.ml_key_hash is null or labels.{{ known_at }} is null then 0
    when labels.{{ label_time }} < {{ ml_monitor.date_add('minute', -1 * spec.event_tolerance_minutes, event_time) }} then -1
    {%- for hours in ml_monitor.label_delays(spec) %}
    when labels.{{ known_at }} <= {{ ml_monitor.date_add('hour', hours, event_time) }} then {{ hours }}
    {%- endfor %}
    else 999999
end
{%- endmacro %}

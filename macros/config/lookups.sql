{#-
  The lookups of a monitor: every part that is none of plain_parts.

  Arguments: monitor (string).
  Returns: list of strings.
-#}
{% macro lookups(monitor) %}
    {%- do return((ml_monitor.ml_monitors().get(monitor) or []) | reject('in', ml_monitor.plain_parts()) | list) -%}
{% endmacro %}

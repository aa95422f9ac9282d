{#-
  By which delays the arrival of labels is counted: 1, 6 and 24 hours, 3, 7, 14, 28 and 90 days, and the declared horizon.
  Arguments: spec (dict of monitor_spec). Returns: list of hours, ascending.
-#}
{% macro label_delays(spec) %}
    {%- set horizon = (spec.label_horizon_hours or 0) | round(0, 'ceil') | int -%}
    {%- do return(([1, 6, 24, 72, 168, 336, 672, 2160] + ([horizon] if horizon else [])) | unique | sort | list) -%}
{% endmacro %}

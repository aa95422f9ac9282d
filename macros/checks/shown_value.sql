{#-
  How the value of a metric is shown in a message: shares in percent, times with their unit.

  Arguments: unit (string, of metric_catalog). Returns: dict of factor (number that the value is multiplied by) and suffix (string).
-#}
{% macro shown_value(unit) %}
    {%- if unit.startswith('share ') or unit == 'difference of shares' -%}{%- do return({'factor': 100, 'suffix': ' %'}) -%}{%- endif -%}
    {%- do return({'factor': 1, 'suffix': {'minutes': ' min', 'hours': ' h'}.get(unit, '')}) -%}
{% endmacro %}

{#-
  A share with its Wilson bounds, as three columns of a select: <name>, <name>_low, <name>_high.
  Arguments: name (string), numerator, denominator (SQL).
-#}
{% macro bounded_ratio(name, numerator, denominator) -%}
{{ ml_monitor.ratio(numerator, denominator) }} as {{ name }},
        {%- for side in ['low', 'high'] %}
        {{ ml_monitor.wilson(numerator, denominator, side) }} as {{ name }}_{{ side }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}

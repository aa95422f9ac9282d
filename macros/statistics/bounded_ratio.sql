{#-
  A share with its Wilson bounds, as three columns of a select: <name>, <name>_low, <name>_high.
  Arguments: name (string), numerator, denominator (SQL), has_sides (boolean: the bounds are those of the columns <numerator>_low and
    <numerator>_high, which hold what else is uncertain, up to the denominator).
-#}
{% macro bounded_ratio(name, numerator, denominator, has_sides=false) -%}
{{ ml_monitor.ratio(numerator, denominator) }} as {{ name }},
        {%- for side in ['low', 'high'] %}
        {%- set count = ml_monitor.least_of([denominator, numerator ~ '_' ~ side]) if has_sides else numerator %}
        {{ ml_monitor.wilson(count, denominator, side) }} as {{ name }}_{{ side }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}

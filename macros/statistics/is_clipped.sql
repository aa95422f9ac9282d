{#-
  Whether a number is exactly a declared limit. Arguments: x (SQL: a 64-bit float), minimum, maximum (numbers or none). Returns: SQL or
  none.
-#}
{% macro is_clipped(x, minimum, maximum) %}
    {%- do return(ml_monitor.compared_with_limits(x, ['=', '='], minimum, maximum)) -%}
{% endmacro %}

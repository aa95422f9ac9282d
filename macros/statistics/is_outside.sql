{#-
  A number outside its declared limits, or at one of them (`is_clipped`): where a service clips, values pile up there. NaN is neither,
  though it sorts above every number.
  Arguments: x (SQL), minimum, maximum (numbers or none). Returns: SQL, or none if there is no limit.
-#}
{% macro is_outside(x, minimum, maximum) %}
    {%- do return(ml_monitor.compared_with_limits(x, ['<', '>'], minimum, maximum)) -%}
{% endmacro %}

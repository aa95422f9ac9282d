{#- A 64-bit float literal or expression: a bare 0.1 is a decimal in every engine. Arguments: expression (SQL or number). Returns: SQL. -#}
{% macro float64(expression) %}
    {%- do return("cast(" ~ expression ~ " as " ~ ml_monitor.float_type() ~ ")") -%}
{% endmacro %}

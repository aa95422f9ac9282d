{#- A number as a 64-bit float, or a NULL of that type. Arguments: value (number or none). Returns: SQL. -#}
{% macro number_or_null(value) %}
    {%- do return(ml_monitor.float64(value if value is not none else 'null')) -%}
{% endmacro %}

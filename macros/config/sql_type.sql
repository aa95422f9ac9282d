{#- The SQL type of a type that the lists of columns name: string, double, or one that every engine knows. -#}
{% macro sql_type(type) %}
    {%- do return(ml_monitor.text_type() if type == 'string' else ml_monitor.float_type() if type == 'double' else type) -%}
{% endmacro %}

{#- A timestamp so many hours later. Arguments: expression (SQL, timestamp), n (SQL or int). Returns: SQL, timestamp. -#}
{% macro add_hours(expression, n) %}
    {%- do return("cast(" ~ ml_monitor.date_add('hour', n, expression) ~ " as timestamp)") -%}
{% endmacro %}

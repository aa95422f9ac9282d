{#- `timestamp + n hours`, `n` a SQL expression or a number. -#}
{% macro add_hours(expression, n) %}
    {%- do return("cast(" ~ ml_monitor.date_add('hour', n, expression) ~ " as timestamp)") -%}
{% endmacro %}

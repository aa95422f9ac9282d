{#- A timestamp literal. Arguments: value (string, such as '2013-07-01 00:00:00'). Returns: SQL. -#}
{% macro timestamp_literal(value) %}
    {%- do return("cast(" ~ ml_monitor.string_literal(value) ~ " as timestamp)") -%}
{% endmacro %}

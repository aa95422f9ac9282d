{#- A segment's value as text: escaped, `__null__` for NULL. -#}
{% macro segment_value(expression) %}
    {%- set value = "cast(" ~ expression ~ " as " ~ ml_monitor.text_type() ~ ")" -%}
    {%- do return("case when " ~ expression ~ " is null then '__null__' else " ~ ml_monitor.category(value) ~ " end") -%}
{% endmacro %}

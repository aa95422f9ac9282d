{#- A text of nothing but white space. -#}
{% macro is_empty_text(x) %}
    {%- do return(ml_monitor.matches(x, '^\\s*$')) -%}
{% endmacro %}

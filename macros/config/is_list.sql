{#- Whether a value of YAML is a list. -#}
{% macro is_list(value) %}
    {%- do return(value is iterable and value is not string and value is not mapping) -%}
{% endmacro %}

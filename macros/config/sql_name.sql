{#- The SQL name of an inference column by its declared name. -#}
{% macro sql_name(spec, name) %}
    {%- set found = spec.inferences | selectattr('name', 'equalto', name) | list -%}
    {%- do return(found[0].sql if found else name) -%}
{% endmacro %}

{#- `numeric` or `categorical`, from a declared data type. -#}
{% macro kind_of_type(data_type) %}
    {%- do return('numeric' if ml_monitor.type_class(data_type) in ['whole', 'number'] else 'categorical') -%}
{% endmacro %}

{#- `numeric` or `categorical`, from a declared data type. -#}
{% macro kind_of_type(data_type) %}
    {%- set base = (data_type or '').lower().split('(')[0].strip() -%}
    {%- do return('numeric' if base in ml_monitor.numeric_types() else 'categorical') -%}
{% endmacro %}

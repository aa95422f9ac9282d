{#- The name of the 64-bit float type. Returns: string. -#}
{% macro float_type() %}
    {%- do return(adapter.dispatch('float_type', 'ml_monitor')()) -%}
{% endmacro %}

{% macro default__float_type() %}{% do return('double') %}{% endmacro %}

{% macro postgres__float_type() %}{% do return('double precision') %}{% endmacro %}

{% macro bigquery__float_type() %}{% do return('float64') %}{% endmacro %}

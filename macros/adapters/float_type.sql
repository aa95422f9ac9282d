{#- The name of the 64-bit float type. Returns: string. -#}
{% macro float_type() %}
    {%- set kept = ml_monitor.kept_in_this_run() -%}
    {%- if 'float_type' not in kept -%}{%- do kept.update({'float_type': adapter.dispatch('float_type', 'ml_monitor')()}) -%}{%- endif -%}
    {%- do return(kept['float_type']) -%}
{% endmacro %}

{% macro default__float_type() %}{% do return('double') %}{% endmacro %}

{% macro postgres__float_type() %}{% do return('double precision') %}{% endmacro %}

{% macro bigquery__float_type() %}{% do return('float64') %}{% endmacro %}

{#- How the engine writes a name that is not quoted. Returns: lower, upper, or `as it is`. -#}
{% macro name_case() %}
    {%- do return(adapter.dispatch('name_case', 'ml_monitor')()) -%}
{% endmacro %}

{% macro default__name_case() %}{% do return('as it is') %}{% endmacro %}

{% macro postgres__name_case() %}{% do return('lower') %}{% endmacro %}

{% macro snowflake__name_case() %}{% do return('upper') %}{% endmacro %}

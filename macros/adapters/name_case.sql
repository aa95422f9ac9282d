{#- How the engine writes a name that is not quoted: lower, upper, or as it is. Returns: string. -#}
{% macro name_case() %}
    {%- do return({'postgres': 'lower', 'redshift': 'lower', 'snowflake': 'upper'}.get(target.type, 'as it is')) -%}
{% endmacro %}

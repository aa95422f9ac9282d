{#- The roles that any number of columns may have. Returns: list of strings. -#}
{% macro repeated_roles() %}
    {%- set repeated = [] -%}
    {%- for role in ml_monitor.column_roles() if 'any' in role.tables.values() or 'some' in role.tables.values() -%}
        {%- do repeated.append(role.role) -%}
    {%- endfor -%}
    {%- do return(repeated) -%}
{% endmacro %}

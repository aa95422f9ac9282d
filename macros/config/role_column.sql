{#- The SQL name of the column that has a role, or none. `columns` is a list of a spec. -#}
{% macro role_column(columns, role) %}
    {%- set found = columns | selectattr('role', 'equalto', role) | list -%}
    {%- do return(found[0].sql if found else none) -%}
{% endmacro %}

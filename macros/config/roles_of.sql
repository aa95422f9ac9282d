{#- The roles that columns of a table may have. Arguments: table (string: inferences, or a part). Returns: dict of role -> how often. -#}
{% macro roles_of(table) %}
    {%- set roles = {} -%}
    {%- set place = table if table in ml_monitor.described_tables() else 'lookup' -%}
    {%- for role in ml_monitor.column_roles() if place in role.tables -%}
        {%- do roles.update({role.role: role.tables[place]}) -%}
    {%- endfor -%}
    {%- do return(roles) -%}
{% endmacro %}

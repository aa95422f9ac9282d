{#- A column with a role, as YAML declares it. Arguments: role (string). Returns: string. -#}
{% macro example_of_role(role) %}
    {%- set one = (ml_monitor.column_roles() | selectattr('role', 'equalto', role) | list)[0] -%}
    {%- set type = one.get('type', 'string') -%}
    {%- do return('- ' ~ one.get('example', '{name: ' ~ role ~ ', data_type: ' ~ type ~ ', config: {meta: {role: ' ~ role ~ '}}}')) -%}
{% endmacro %}

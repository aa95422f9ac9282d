{#- The names that the groups have in the result. Arguments: group_by (as in group_columns). Returns: list of strings. -#}
{% macro group_names(group_by) %}
    {%- set ns = namespace(names=[]) -%}
    {%- for group in ([group_by] if group_by is string else group_by or []) -%}
        {%- set ns.names = ns.names + [group if group is string else group[1]] -%}
    {%- endfor -%}
    {%- do return(ns.names) -%}
{% endmacro %}

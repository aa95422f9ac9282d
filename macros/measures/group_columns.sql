{#- An argument that is a list of SQL names, as a list: one name may be given without a list. Arguments: group_by. Returns: a list. -#}
{% macro group_columns(group_by) %}
    {%- do return([group_by] if group_by is string else (group_by or [])) -%}
{% endmacro %}

{#- The names that groups have in the result. Arguments: group_by (as in group_pairs). Returns: list of strings. -#}
{% macro group_names(group_by) %}
    {%- do return(ml_monitor.group_pairs(group_by) | map('last') | list) -%}
{% endmacro %}

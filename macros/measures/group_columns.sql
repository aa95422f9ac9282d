{#- The SQL names of groups. Arguments: group_by (as in group_pairs). Returns: list of strings. -#}
{% macro group_columns(group_by) %}
    {%- do return(ml_monitor.group_pairs(group_by) | map('first') | list) -%}
{% endmacro %}

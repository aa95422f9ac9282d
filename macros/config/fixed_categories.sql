{#- The categories of a monitored column that are known without looking at data, in their order; none for declared columns. -#}
{% macro fixed_categories(column) %}
    {%- do return(['kept', 'broken'] if column.role in ml_monitor.rule_roles() else ['no', 'yes'] if column.role == 'proxy' else []) -%}
{% endmacro %}

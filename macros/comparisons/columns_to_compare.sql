{#- The columns that are compared: the monitored ones that do not stand for a rule. -#}
{% macro columns_to_compare(spec) %}
    {%- do return(ml_monitor.monitored_columns(spec) | rejectattr('role', 'in', ml_monitor.rule_roles()) | list) -%}
{% endmacro %}

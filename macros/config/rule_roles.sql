{#- The roles of monitored columns that stand for a rule. -#}
{% macro rule_roles() %}
    {%- do return(['rule', 'feature_time']) -%}
{% endmacro %}

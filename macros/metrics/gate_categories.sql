{#- The categories of gates, in the order they are reported. -#}
{% macro gate_categories() %}
    {%- do return(['contract', 'freshness', 'volume', 'quality', 'drift', 'performance']) -%}
{% endmacro %}

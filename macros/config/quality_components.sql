{#- The parts of the quality score, in the order they are shown. -#}
{% macro quality_components() %}
    {%- do return(['freshness', 'completeness', 'validity', 'uniqueness']) -%}
{% endmacro %}

{#- Names that no part may have: they stand for the inferences, or for several parts together. -#}
{% macro reserved_parts() %}
    {%- do return(['inferences', 'joins', 'reconciliation']) -%}
{% endmacro %}

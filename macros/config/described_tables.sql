{#- The tables whose columns have roles: the inferences, the parts with a staging model, and any lookup. Returns: list of strings. -#}
{% macro described_tables() %}
    {%- do return(['inferences', 'labels', 'reference', 'lookup', 'counts', 'registry', 'offline']) -%}
{% endmacro %}

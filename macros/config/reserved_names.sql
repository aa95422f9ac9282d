{#- The names that stand beside a column with a role in the rollups. Arguments: role (string). Returns: list of strings. -#}
{% macro reserved_names(role) %}
    {%- set is_measured = role in ['feature', 'score', 'prediction', 'latency_ms', 'embedding', 'attribution'] -%}
    {%- do return(['window_start', 'segment_name', 'segment_value'] + (['model_version', 'baseline'] if is_measured else [])) -%}
{% endmacro %}

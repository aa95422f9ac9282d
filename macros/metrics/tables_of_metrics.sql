{#- The tables that metrics are columns of. Returns: list of names. -#}
{% macro tables_of_metrics() %}
    {%- do return(['drift', 'relations', 'embeddings', 'attributions', 'data_quality', 'window_metrics', 'parity', 'performance']) -%}
{% endmacro %}

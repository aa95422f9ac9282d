{#- The tables that metrics are columns of; performance_metrics is a view on one of them. Returns: list of names. -#}
{% macro tables_of_metrics() %}
    {%- do return([
        'drift', 'relations', 'embeddings', 'attributions', 'data_quality', 'window_metrics', 'parity', 'performance',
        'performance_metrics',
    ]) -%}
{% endmacro %}

{#-
  Every table of a monitor, with the part that a monitor needs to have it; none if all have it. The groups of <m>__window_metrics count as
  tables.
  Returns: dict of table -> part (string or none).
-#}
{% macro parts_of_tables() %}
    {%- do return({
        'inferences_log': none, 'labels_log': 'labels', 'inferences': none, 'labels': 'labels', 'quarantine': none,
        'grid': none, 'reference_profile': 'reference',
        'hourly_profile': none, 'hourly_volume': none, 'hourly_outcomes': 'labels', 'hourly_joins': 'joins',
            'hourly_relations': 'relations',
        'hourly_embeddings': 'embeddings', 'baseline_windows': none,
        'drift': none, 'relations': 'relations', 'embeddings': 'embeddings', 'attributions': 'attributions', 'data_quality': none,
        'window_metrics': none, 'volume': none, 'freshness': none, 'join_cardinality': 'joins', 'reconciliation': 'reconciliation',
            'quality_score': none,
        'parity': 'offline', 'performance': 'labels', 'performance_metrics': 'labels', 'metrics': none, 'checks': none, 'history': none,
            'runs': none, 'check_history': none, 'gate': none,
    }) -%}
{% endmacro %}

{#- The columns of the group `reconciliation` of <m>__window_metrics. -#}
{% macro reconciliation_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['reconciliation_id', 'string', 'md5 of monitor, window_grain and window_start.'],
        'monitor', 'window_grain', 'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        ['declared_hours', 'int', 'Hours of the window that have a declared count; 0 without any.'],
        ['declared_rows', 'bigint', 'Rows that the service counted in those hours; NULL without a declared count.'],
        ['counted_rows', 'bigint', 'Current and quarantined rows of the log in those hours, of a sampled log each '
            '1 / sampling_fraction times; NULL without a declared count.'],
        ['missing_rows', 'bigint', 'declared_rows - counted_rows, 0 if that is negative.'],
        ['surplus_rows', 'bigint', 'counted_rows - declared_rows, 0 if that is negative.'],
        ['missing_row_share', 'bounded', 'missing_rows / declared_rows (0 to 1); NULL if none are declared.'],
        ['surplus_row_share', 'bounded', 'surplus_rows / counted_rows (0 to 1); NULL if none are counted.'],
        ['active_entities', 'bigint', 'Entities that the registry holds as active at any moment of the day; NULL for hours.'],
        ['seen_entities', 'bigint', 'Of these the ones with a current row on the day; NULL for hours.'],
        ['entity_rows', 'bigint', 'Current rows of the day; NULL for hours.'],
        ['null_entity_rows', 'bigint', 'Of these the ones without an entity; NULL for hours.'],
        ['unknown_entity_rows', 'bigint', 'Current rows whose entity is not active on the day, those without an entity included; NULL for '
            'hours.'],
        ['missing_entity_share', 'bounded', 'Active entities without a current row / active_entities (0 to 1); NULL for hours and without '
            'active entities.'],
        ['unknown_entity_share', 'bounded', 'unknown_entity_rows / entity_rows (0 to 1); NULL for hours and without rows.'],
        ['source_state', 'string', 'What the counts and the registry held; when it changes, the window is rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

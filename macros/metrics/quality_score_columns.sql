{#- The columns of the group `quality_score` of <m>__window_metrics. -#}
{% macro quality_score_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['quality_score_id', 'string', 'md5 of monitor, dataset and window_start.'],
        'monitor',
        ['dataset', 'string', 'inferences or labels.'],
        ['window_grain', 'Always hour.'],
        'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        ['quality_score', 'double', 'Weighted mean of the parts that are defined (0 to 1), 0 if a hard rule is broken; NULL without rows.'],
        ['hard_rule', 'string', 'Hard rule that makes the score 0: unreconciled_rows, all_rows_quarantined or most_rows_quarantined (more '
            'than half); else NULL.'],
        ['reason', 'Why there is no score: no_rows or no_weighted_part; else NULL.'],
        ['freshness', 'double', '1 - late_rows / timed_rows (0 to 1); NULL without any.'],
        ['freshness_weight', 'double', 'Declared weight of freshness; the four add up to 1.'],
        ['completeness', 'double', '1 - missing_values / expected_values (0 to 1); NULL without any.'],
        ['completeness_weight', 'double', 'Declared weight of completeness; the four add up to 1.'],
        ['validity', 'double', '1 - invalid_values / checked_values (0 to 1); NULL without any.'],
        ['validity_weight', 'double', 'Declared weight of validity; the four add up to 1.'],
        ['uniqueness', 'double', '1 - duplicate_rows / logged_rows (0 to 1); NULL without any.'],
        ['uniqueness_weight', 'double', 'Declared weight of uniqueness; the four add up to 1.'],
        ['logged_rows', 'bigint', 'Rows of the log that count for the hour: current, duplicate and quarantined.'],
        'current_rows', 'quarantined_rows',
        ['duplicate_rows', 'Rows that repeat a prediction id; of labels also the earlier versions of a corrected one.'],
        ['unreconciled_rows', 'bigint', 'Rows ingested in the hour in staging less those in the log, as magnitude; NULL for labels.'],
        ['late_rows', 'Current rows that were ingested more than late_after_minutes after their event, or after their label time.'],
        ['timed_rows', 'bigint', 'Current rows; 0 if no ingest time is declared.'],
        ['missing_values', 'bigint', 'NULLs and NaNs in the features of the current rows; of labels the rows without a label.'],
        ['expected_values', 'bigint', 'Features times current rows; of labels the logged rows.'],
        ['invalid_values', 'bigint', 'Values outside their declared range or list, and all checked values of a quarantined row; of labels '
            'the quarantined rows.'],
        ['checked_values', 'bigint', 'Columns with a declared range or list (1 if there is none) times current and quarantined rows; of '
            'labels those rows.'],
        ['rebuild_key', 'dataset and window_start as one text: what a run deletes and writes again.'],
        'declaration_hash', 'ml_batch', 'labels_batch',
    ])) -%}
{% endmacro %}

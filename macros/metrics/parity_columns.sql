{#- The columns of <m>__parity. -#}
{% macro parity_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['parity_id', 'string', 'md5 of monitor, window_grain, window_start and column_name.'],
        'monitor',
        ['window_grain', 'Always day.'],
        'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        ['column_name', 'Feature.'],
        'column_kind',
        ['serving_rows', 'bigint', 'Current predictions of the day.'],
        ['joined_rows', 'bigint', 'Of these the ones whose entity and event time the offline table has.'],
        ['ambiguous_rows', 'bigint', 'Of these the ones whose entity and event time it has more than once; compared with the first by '
            'content.'],
        ['matched_rows', 'Joined rows with exactly the same value on both sides; NULL equals NULL, NaN equals NaN.'],
        ['serving_null_rows', 'bigint', 'Joined rows that were served NULL.'],
        ['offline_null_rows', 'bigint', 'Joined rows that are NULL in the offline table.'],
        ['null_mismatch_rows', 'bigint', 'Joined rows that are NULL on one side only.'],
        ['serving_only_rows', 'bigint', 'Joined rows whose served category does not occur among the offline values of the day; NULL for '
            'numbers.'],
        ['offline_only_rows', 'bigint', 'Joined rows whose offline category was not served on the day; NULL for numbers.'],
        ['serving_only_values', 'bigint', 'Categories of the day that occur among the served values only; NULL for numbers.'],
        ['offline_only_values', 'bigint', 'Categories of the day that occur among the offline values only; NULL for numbers.'],
        ['match_rate', 'bounded', 'matched_rows / joined_rows (0 to 1).'],
        ['null_difference', 'bounded', 'null_mismatch_rows / joined_rows (0 to 1).'],
        ['vocabulary_difference', 'bounded', 'The larger of serving_only_rows and offline_only_rows / joined_rows (0 to 1); NULL for '
            'numbers.'],
        ['difference_rows', 'bigint', 'Joined rows that are finite on both sides; NULL for categories.'],
        ['difference_p50', 'double', 'Median of |served - offline| over difference_rows, in the unit of the column.'],
        ['difference_p95', 'double', '95th percentile of |served - offline| over difference_rows, in the unit of the column.'],
        ['difference_max', 'double', 'Largest |served - offline| over difference_rows, in the unit of the column.'],
        ['offline_state', 'string', 'What the offline table held for the day; when it changes, the day is rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

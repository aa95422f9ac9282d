{#- The columns of the group `join_cardinality` of <m>__window_metrics. -#}
{% macro join_cardinality_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['join_cardinality_id', 'string', 'md5 of monitor, window_grain, window_start and join_name.'],
        'monitor', 'window_grain', 'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        'join_name', 'rows_before', 'rows_after', 'matched_rows', 'null_key_rows', 'fanned_out_rows',
        ['duplicate_left_rows', 'bigint', 'Rows on the left that repeat a key within an hour, summed over the hours.'],
        ['duplicate_right_rows', 'bigint', 'Partners beyond the first of each matched key within an hour, summed over the hours.'],
        ['match_rate', 'bounded', 'matched_rows / rows_before (0 to 1).'],
        ['fan_out', 'double', 'rows_after / rows_before, 1 or more; 1 if the join multiplies nothing.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

{#- The counts of a join, of hours and of windows. Returns: list of names. -#}
{% macro join_counts() %}
    {%- do return(['rows_before', 'rows_after', 'matched_rows', 'null_key_rows', 'fanned_out_rows', 'duplicate_left_rows',
        'duplicate_right_rows']) -%}
{% endmacro %}

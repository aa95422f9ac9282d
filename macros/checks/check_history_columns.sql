{#- The columns of ml_check_history. -#}
{% macro check_history_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['check_id', 'string', 'Check, as in <m>__checks.'],
        'monitor', 'policy_id', 'category', 'metric', 'subject',
        ['window_grain', 'hour, day, 7_days, 28_days, month or baseline.'],
        'window_start', 'window_end', 'status', 'reason', 'value', 'threshold', 'sample_size', 'message', 'declaration_hash',
        ['invocation_id', 'string', 'dbt run that found it.'],
        'as_of', 'recorded_at',
    ])) -%}
{% endmacro %}

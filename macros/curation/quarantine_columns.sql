{#- The columns that the view adds to those of staging. -#}
{% macro quarantine_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['ml_quarantine_reason', 'string', 'missing_prediction_id, missing_event_time, event_too_old, event_after_ingest, '
            'invalid_sampling_fraction, invalid_score, invalid:<column> or rule:<name>.'],
        'ml_event_hour',
        ['ml_first_seen', 'timestamp', 'First ingest of a row with this prediction id and reason (UTC).'],
        ['ml_last_seen', 'timestamp', 'Last ingest of a row with this prediction id and reason (UTC).'],
    ])) -%}
{% endmacro %}

{#- The columns that <m>__hourly_volume has besides, if the monitor declares a sampling_fraction. -#}
{% macro sampled_volume_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['scaled_current_rows', 'double', 'Requests that the current rows stand for: the sum of 1 / sampling_fraction.'],
        ['scaled_quarantined_rows', 'double', 'The same of the quarantined rows; one without a valid fraction stands for itself.'],
    ])) -%}
{% endmacro %}

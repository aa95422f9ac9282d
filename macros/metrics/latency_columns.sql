{#- The columns of service_latency besides its keys. Returns: list of names. -#}
{% macro latency_columns() %}
    {%- do return(['latency_p50', 'latency_p95', 'latency_p99', 'latency_p95_ratio', 'latency_p95_ratio_low', 'latency_p99_ratio',
        'latency_p99_ratio_low']) -%}
{% endmacro %}

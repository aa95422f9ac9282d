{#- The baseline_since of a baseline that no expected change began, before all days. Returns: SQL, a timestamp. -#}
{% macro first_baseline() %}{% do return(ml_monitor.timestamp_literal('1970-01-01 00:00:00')) %}{% endmacro %}

{#- The second step of located_keys: a condition on the rows of the log. Arguments: name (string: of its CTE). Returns: SQL. -#}
{% macro at_located_keys(name) -%}
ml_ingest_hour in (
    {{ ml_monitor.distinct_values('ml_ingest_hour', 'ingest_hour', name, '1 = 1') }}
)
and ml_key_hash in (
    {{ ml_monitor.distinct_values('ml_key_hash', 'key_hash', name, '1 = 1') }}
)
{%- endmacro %}

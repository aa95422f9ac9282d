{#- When a row was ingested: its ingest time, or its event time without one. Arguments: SQL; ingest_time may be none. Returns: SQL. -#}
{% macro ingested_at(event_time, ingest_time) %}
    {%- do return('coalesce(' ~ ingest_time ~ ', ' ~ event_time ~ ')' if ingest_time else event_time) -%}
{% endmacro %}

{#-
  The hour a raw row was ingested in; a missing ingest time falls back to the event time, both missing to 1970.
  Arguments: event_time, ingest_time (SQL names; ingest_time may be none). Returns: SQL.
-#}
{% macro ingest_hour(event_time, ingest_time) %}
    {%- do return(ml_monitor.hour_within_reach('coalesce(' ~ ml_monitor.truncate('hour', ml_monitor.ingested_at(event_time, ingest_time))
        ~ ', '
        ~ ml_monitor.timestamp_literal('1970-01-01 00:00:00') ~ ')')) -%}
{% endmacro %}

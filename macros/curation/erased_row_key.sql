{#-
  What a deleted row is found by, in place of its key: the text of when it was ingested, as for a row without a key.
  Arguments: event_time, ingest_time (SQL names), trusted (SQL condition: the event time is kept).
-#}
{% macro erased_row_key(event_time, ingest_time, trusted) %}
    {%- set kept = 'case when ' ~ trusted ~ ' then ' ~ event_time ~ ' end' -%}
    {%- do return('coalesce(cast(' ~ ml_monitor.ingested_at(kept, ingest_time) ~ ' as ' ~ ml_monitor.text_type() ~ "), '')") -%}
{% endmacro %}

{#- Condition that a raw row was already there at ML_AS_OF. -#}
{% macro known_at_as_of(event_time, ingest_time) %}
    {%- set ingested = ml_monitor.ingested_at(event_time, ingest_time) -%}
    {%- do return('(' ~ ingested ~ ' < ' ~ ml_monitor.as_of() ~ ' or ' ~ ingested ~ ' is null)') -%}
{% endmacro %}

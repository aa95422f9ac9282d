{#-
  The hour a raw row was ingested in; a missing ingest time falls back to the event time, both missing to 1970.
  Arguments: event_time, ingest_time (SQL names; ingest_time may be none). Returns: SQL.
-#}
{% macro ingest_hour(event_time, ingest_time) %}
    {%- do return(ml_monitor.hour_within_reach('coalesce(' ~ ml_monitor.truncate('hour', ml_monitor.ingested_at(event_time, ingest_time))
        ~ ', '
        ~ ml_monitor.timestamp_literal('1970-01-01 00:00:00') ~ ')')) -%}
{% endmacro %}


{#-
  An hour, and for one before the year 1 or in 9999 and later the first of that year: engines end there or soon after, and windows
  reach weeks back and on.
  Arguments: hour (SQL, not NULL). Returns: SQL.
-#}
{% macro hour_within_reach(hour) %}
    {%- set first, last = ml_monitor.outermost_hours() -%}
    {%- do return(ml_monitor.least_of([ml_monitor.greatest_of([hour, ml_monitor.timestamp_literal(first)]),
        ml_monitor.timestamp_literal(last)])) -%}
{% endmacro %}


{#- The first and the last hour that rows count for. -#}
{% macro outermost_hours() %}{% do return(['0001-01-01 00:00:00', '9999-01-01 00:00:00']) %}{% endmacro %}


{% macro ingested_at(event_time, ingest_time) %}
    {%- do return('coalesce(' ~ ingest_time ~ ', ' ~ event_time ~ ')' if ingest_time else event_time) -%}
{% endmacro %}


{#- Condition that a raw row was already there at ML_AS_OF. -#}
{% macro known_at_as_of(event_time, ingest_time) %}
    {%- set ingested = ml_monitor.ingested_at(event_time, ingest_time) -%}
    {%- do return('(' ~ ingested ~ ' < ' ~ ml_monitor.as_of() ~ ' or ' ~ ingested ~ ' is null)') -%}
{% endmacro %}

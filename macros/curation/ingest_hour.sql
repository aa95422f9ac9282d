{#-
  The hour a raw row was ingested in; a missing ingest time falls back to the event time, both missing to 1970.
  Arguments: event_time, ingest_time (SQL names; ingest_time may be none). Returns: SQL.
-#}
{% macro ingest_hour(event_time, ingest_time) %}
    {%- do return(ml_monitor.hour_within_reach('coalesce(' ~ ml_monitor.truncate('hour', ml_monitor.ingested_at(event_time, ingest_time)) ~ ', '
        ~ ml_monitor.timestamp_literal('1970-01-01 00:00:00') ~ ')')) -%}
{% endmacro %}


{#-
  An hour, and for one before the year 1 or in 9999 and later the first of that year: engines end there or soon after, and windows
  reach weeks back and on.
  Arguments: hour (SQL, not NULL). Returns: SQL.
-#}
{% macro hour_within_reach(hour) %}
    {%- set first, last = ml_monitor.outermost_hours() -%}
    {%- do return(ml_monitor.least_of([ml_monitor.greatest_of([hour, ml_monitor.timestamp_literal(first)]), ml_monitor.timestamp_literal(last)])) -%}
{% endmacro %}


{#-
  Hours as the spans of time that they make up, neighbours as one, so that an engine may skip what lies outside of them.
  Arguments: hours (timestamps, each once). Returns: list of [start, end), as text; empty if they are more than 24 spans, which cost more than they
  save, or if one of them stands for all times before or after it (hour_within_reach).
-#}
{% macro spans_of_hours(hours) %}
    {%- set ns = namespace(spans=[], is_bounded=true) -%}
    {%- for hour in hours | map('string') | sort -%}
        {%- set start = modules.datetime.datetime.fromisoformat(hour) -%}
        {%- set end = (start + modules.datetime.timedelta(hours=1)) | string -%}
        {%- if ns.spans and ns.spans[-1][1] == hour -%}
            {%- set ns.spans = ns.spans[:-1] + [[ns.spans[-1][0], end]] -%}
        {%- else -%}
            {%- set ns.spans = ns.spans + [[hour, end]] -%}
        {%- endif -%}
        {%- if hour in ml_monitor.outermost_hours() -%}{%- set ns.is_bounded = false -%}{%- endif -%}
    {%- endfor -%}
    {%- do return(ns.spans if ns.is_bounded and ns.spans | length <= 24 else []) -%}
{% endmacro %}


{#- The condition that a time is within one of these spans. Arguments: column (SQL), spans (as spans_of_hours returns them, not empty). -#}
{% macro within_spans(column, spans) %}
    {%- set conditions = [] -%}
    {%- for start, end in spans -%}
        {%- do conditions.append('(' ~ column ~ ' >= ' ~ ml_monitor.timestamp_literal(start) ~ ' and ' ~ column ~ ' < ' ~ ml_monitor.timestamp_literal(end) ~ ')') -%}
    {%- endfor -%}
    {%- do return('(' ~ conditions | join(' or ') ~ ')' if spans | length > 1 else conditions[0]) -%}
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

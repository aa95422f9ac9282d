{#-
  Text as a timestamp in UTC: ISO 8601 with an offset, a Z, or nothing, which is taken for UTC whatever the session's zone is.

  NULL where the text is anything else: a name of a zone, a day that does not exist, a year beyond 9999, `infinity`, a number of
  seconds; the row is then quarantined with `missing_event_time`.

  Arguments: expression (SQL, text). Returns: SQL, timestamp without time zone.
-#}
{% macro utc_timestamp(expression) %}
    {%- do return(adapter.dispatch('utc_timestamp', 'ml_monitor')(expression)) -%}
{% endmacro %}

{% macro default__utc_timestamp(expression) %}{% do ml_monitor.not_ported('utc_timestamp', 'expression') %}{% endmacro %}

{% macro duckdb__utc_timestamp(expression) %}
    {%- set day = '^' ~ ml_monitor.year_pattern() ~ '-[0-9]{2}-[0-9]{2}' -%}
    {%- set with_offset = ml_monitor.matches(expression, day ~ '[ T][0-9:.]+ ?[+-][0-9]{2}(:?[0-9]{2})?$') -%}
    {%- set without = ml_monitor.matches(expression, day ~ '([ T][0-9:.]+( ?(Z|UTC))?)?$') -%}
    {%- do return("case when " ~ without ~ " then try_cast(replace(replace(" ~ expression
        ~ ", 'UTC', ''), 'Z', '') as timestamp) when " ~ with_offset
        ~ " then timezone('UTC', try_cast(replace(replace(" ~ expression ~ ", ' +', '+'), ' -', '-') as timestamp with time zone)) end") -%}
{% endmacro %}

{#- No cast that may fail: the patterns take nothing else. -#}
{% macro postgres__utc_timestamp(expression) %}
    {%- set clock = '[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?' -%}
    {%- set offset = ' ?[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?' -%}
    {%- set with_offset = ml_monitor.matches(expression, '^' ~ ml_monitor.date_pattern() ~ clock ~ offset ~ '$') -%}
    {%- set without = ml_monitor.matches(expression, '^' ~ ml_monitor.date_pattern() ~ '(' ~ clock ~ '( ?(Z|UTC))?)?$') -%}
    {%- do return("case when " ~ without ~ " then cast(replace(replace(" ~ expression ~ ", 'UTC', ''), 'Z', '') as timestamp) when "
        ~ with_offset
        ~ " then timezone('UTC', cast(" ~ expression ~ " as timestamp with time zone)) end") -%}
{% endmacro %}

{#- Spark's timestamps are moments, shown in the zone of the session: only what has a zone is moved. -#}
{% macro spark__utc_timestamp(expression) %}
    {%- set moment = 'try_cast(' ~ expression ~ ' as timestamp)' -%}
    {%- set day = '^' ~ ml_monitor.year_pattern() ~ '-[0-9]{2}-[0-9]{2}' -%}
    {%- set with_zone = ml_monitor.matches(expression, day ~ '[ T][0-9:.]+ ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)$') -%}
    {%- set without = ml_monitor.matches(expression, day ~ '([ T][0-9:.]+)?$') -%}
    {%- do return('case when ' ~ without ~ ' then ' ~ moment ~ ' when ' ~ with_zone ~ ' then to_utc_timestamp(' ~ moment
        ~ ', current_timezone()) end') -%}
{% endmacro %}

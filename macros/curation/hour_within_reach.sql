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

{#-
  The hour of the clock of a declared zone that a UTC timestamp is in. Arguments: expression (SQL, timestamp), time_zone (string, IANA).
  Returns: SQL, timestamp.
-#}
{% macro local_hour(expression, time_zone) %}
    {%- do return(ml_monitor.truncate('hour', ml_monitor.local_time(expression, time_zone))) -%}
{% endmacro %}

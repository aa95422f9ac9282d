{#- A UTC timestamp as local time of a declared zone, daylight saving included. Arguments: expression (SQL, timestamp),
  time_zone (string, IANA). Returns: SQL, timestamp without time zone. -#}
{% macro local_time(expression, time_zone) %}
    {%- do return(adapter.dispatch('local_time', 'ml_monitor')(expression, time_zone)) -%}
{% endmacro %}

{% macro default__local_time(expression, time_zone) %}{% do ml_monitor.not_ported('local_time', 'expression, time_zone') %}{% endmacro %}

{% macro postgres__local_time(expression, time_zone) %}
    {%- do return("timezone(" ~ ml_monitor.string_literal(time_zone) ~ ", timezone('UTC', " ~ expression ~ "))") -%}
{% endmacro %}

{% macro duckdb__local_time(expression, time_zone) %}{% do return(ml_monitor.postgres__local_time(expression, time_zone)) %}{% endmacro %}

{% macro spark__local_time(expression, time_zone) %}
    {%- do return("from_utc_timestamp(" ~ expression ~ ", " ~ ml_monitor.string_literal(time_zone) ~ ")") -%}
{% endmacro %}

{#-
  A timestamp with time zone as a timestamp without one, in UTC. Arguments: expression (SQL, timestamp with time zone).
  Returns: SQL, timestamp without time zone.
-#}
{% macro zoned_to_utc(expression) %}
    {%- do return(adapter.dispatch('zoned_to_utc', 'ml_monitor')(expression)) -%}
{% endmacro %}

{% macro default__zoned_to_utc(expression) %}
    {%- do return('cast(' ~ expression ~ " at time zone 'UTC' as timestamp)") -%}
{% endmacro %}

{% macro bigquery__zoned_to_utc(expression) %}{% do return('datetime(' ~ expression ~ ')') %}{% endmacro %}

{% macro snowflake__zoned_to_utc(expression) %}
    {%- do return("cast(convert_timezone('UTC', " ~ expression ~ ') as timestamp_ntz)') -%}
{% endmacro %}

{% macro duckdb__zoned_to_utc(expression) %}{% do return(expression ~ " at time zone 'UTC'") %}{% endmacro %}

{% macro postgres__zoned_to_utc(expression) %}{% do return(expression ~ " at time zone 'UTC'") %}{% endmacro %}

{#- Spark's timestamps are moments, shown in the zone of the session. -#}
{% macro spark__zoned_to_utc(expression) %}
    {%- do return('cast(to_utc_timestamp(' ~ expression ~ ', current_timezone()) as timestamp_ntz)') -%}
{% endmacro %}

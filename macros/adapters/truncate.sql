{#-
  A timestamp cut to its hour, day, ... Arguments: grain (string: hour, day, week, month), expression (SQL, timestamp). Returns: SQL,
  timestamp.
-#}
{% macro truncate(grain, expression) %}
    {%- do return('cast(' ~ dbt.date_trunc(grain, expression) | trim ~ ' as timestamp)') -%}
{% endmacro %}

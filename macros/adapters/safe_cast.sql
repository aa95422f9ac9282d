{#-
  Cast text to a type, NULL where it cannot be.

  Arguments: expression (SQL, text), type (`timestamp` or `double`). Returns: SQL. A text with a zone: see utc_timestamp; DuckDB would
  drop the zone here. Postgres has no such cast before version 16: there a pattern decides first.
-#}
{% macro safe_cast(expression, type) %}
    {%- do return(adapter.dispatch('safe_cast', 'ml_monitor')(expression, type)) -%}
{% endmacro %}

{% macro default__safe_cast(expression, type) %}
    {%- do return("try_cast(" ~ expression ~ " as " ~ type ~ ")") -%}
{% endmacro %}

{% macro postgres__safe_cast(expression, type) %}
    {%- set patterns = {
        'timestamp': '^' ~ ml_monitor.date_pattern() ~ '([ T]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?Z?)?$',
        'double': '^\\s*[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,2})?\\s*$',
    } -%}
    {%- set text = "cast(" ~ expression ~ " as text)" -%}
    {%- do return("case when " ~ text ~ " ~ " ~ ml_monitor.string_literal(patterns[type]) ~ " then cast("
        ~ text ~ " as " ~ (ml_monitor.float_type() if type == 'double' else type) ~ ") end") -%}
{% endmacro %}

{% macro bigquery__safe_cast(expression, type) %}
    {%- do return('safe_cast(' ~ expression ~ ' as ' ~ (ml_monitor.float_type() if type == 'double' else type) ~ ')') -%}
{% endmacro %}

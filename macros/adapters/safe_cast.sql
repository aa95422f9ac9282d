{#-
  Cast text to a type, NULL where it cannot be.

  Arguments: expression (SQL), type (`timestamp` or `double`). A text with a zone: see utc_timestamp; DuckDB would drop the zone here.
  Postgres has no such cast before version 16: there a pattern decides first.
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


{#-
  Text as a timestamp in UTC: ISO 8601 with an offset, a Z, or nothing, which is taken for UTC whatever the session's zone is.

  NULL where the text is anything else: a name of a zone, a day that does not exist, a year beyond 9999, `infinity`, a number of
  seconds; the row is then quarantined with `missing_event_time`.

  Arguments: expression (SQL, text). Returns: SQL, timestamp without time zone.
-#}
{% macro utc_timestamp(expression) %}
    {%- do return(adapter.dispatch('utc_timestamp', 'ml_monitor')(expression)) -%}
{% endmacro %}

{% macro default__utc_timestamp(expression) %}
    {%- set day = '^' ~ ml_monitor.year_pattern() ~ '-[0-9]{2}-[0-9]{2}' -%}
    {%- set with_offset = ml_monitor.matches(expression, day ~ '[ T][0-9:.]+ ?[+-][0-9]{2}(:?[0-9]{2})?$') -%}
    {%- set without = ml_monitor.matches(expression, day ~ '([ T][0-9:.]+( ?(Z|UTC))?)?$') -%}
    {%- do return("case when " ~ without ~ " then try_cast(replace(replace(" ~ expression ~ ", 'UTC', ''), 'Z', '') as timestamp) when " ~ with_offset
        ~ " then timezone('UTC', try_cast(replace(replace(" ~ expression ~ ", ' +', '+'), ' -', '-') as timestamp with time zone)) end") -%}
{% endmacro %}

{#- No cast that may fail: the patterns take nothing else. -#}
{% macro postgres__utc_timestamp(expression) %}
    {%- set clock = '[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?' -%}
    {%- set offset = ' ?[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?' -%}
    {%- set with_offset = ml_monitor.matches(expression, '^' ~ ml_monitor.date_pattern() ~ clock ~ offset ~ '$') -%}
    {%- set without = ml_monitor.matches(expression, '^' ~ ml_monitor.date_pattern() ~ '(' ~ clock ~ '( ?(Z|UTC))?)?$') -%}
    {%- do return("case when " ~ without ~ " then cast(replace(replace(" ~ expression ~ ", 'UTC', ''), 'Z', '') as timestamp) when " ~ with_offset
        ~ " then timezone('UTC', cast(" ~ expression ~ " as timestamp with time zone)) end") -%}
{% endmacro %}

{#- Spark's timestamps are moments, shown in the zone of the session: only what has a zone is moved. -#}
{% macro spark__utc_timestamp(expression) %}
    {%- set cast_text = 'try_cast(' ~ expression ~ ' as timestamp)' -%}
    {%- do return('case when ' ~ ml_monitor.matches(expression, ':[0-9.]+ ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)$')
        ~ ' then to_utc_timestamp(' ~ cast_text ~ ', current_timezone()) else ' ~ cast_text ~ ' end') -%}
{% endmacro %}


{#- A pattern of the days that exist, in the years 0001 to 9999: what Postgres casts without an error. -#}
{% macro date_pattern() %}
    {%- set leap_year = '([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][48]|[13579][26]|[2468]0)00)' -%}
    {%- set day = '((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))' -%}
    {%- do return('(' ~ ml_monitor.year_pattern() ~ '-' ~ day ~ '|' ~ leap_year ~ '-02-29)') -%}
{% endmacro %}


{% macro year_pattern() %}{% do return('([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)') %}{% endmacro %}


{#-
  Text as a 64-bit float, with the commas taken out that part thousands (`1,234,567.5`); NULL where it is no such number. A comma
  elsewhere is not guessed at: `1.234,5` and `12,5` are NULL.

  Arguments: expression (SQL, text). Returns: SQL.
-#}
{% macro number_of_text(expression) %}
    {%- set has_thousands = ml_monitor.matches(expression, '^\\s*[-+]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?\\s*$') -%}
    {%- do return(ml_monitor.safe_cast("case when " ~ has_thousands ~ " then replace(" ~ expression ~ ", ',', '') else " ~ expression ~ " end", 'double')) -%}
{% endmacro %}

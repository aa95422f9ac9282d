{#- A number as text with a fixed number of decimals, for messages; magnitudes are capped at 1e12. Arguments: SQL. Returns: SQL. -#}
{% macro number_text(expression, digits=2) %}
    {%- set clipped = 'greatest(-1e12, least(1e12, ' ~ expression ~ '))' -%}
    {%- do return('case when ' ~ expression ~ ' is null then null else cast(cast(' ~ clipped ~ ' as decimal(20, ' ~ digits ~ ')) as ' ~ dbt.type_string() ~ ') end') -%}
{% endmacro %}


{#- One text that identifies a row: md5 over its key columns, as dbt users know it. Arguments: list of SQL. Returns: SQL. -#}
{% macro surrogate_key(expressions) %}
    {%- set ns = namespace(parts=[]) -%}
    {%- for expression in expressions -%}
        {%- set ns.parts = ns.parts + ["coalesce(cast(" ~ expression ~ " as " ~ dbt.type_string() ~ "), '')"] -%}
    {%- endfor -%}
    {%- do return("md5(" ~ ns.parts | join(" || '|' || ") ~ ")") -%}
{% endmacro %}


{#- A text that matches a regular expression somewhere; anchor it with ^ and $ to mean all of it. -#}
{% macro matches(x, pattern) %}
    {%- do return(adapter.dispatch('matches', 'ml_monitor')(x, pattern)) -%}
{% endmacro %}

{% macro default__matches(x, pattern) %}
    {%- do return('regexp_matches(' ~ x ~ ', ' ~ ml_monitor.string_literal(pattern) ~ ')') -%}
{% endmacro %}

{% macro postgres__matches(x, pattern) %}
    {%- do return(x ~ ' ~ ' ~ ml_monitor.string_literal(pattern)) -%}
{% endmacro %}

{% macro spark__matches(x, pattern) %}
    {%- do return(x ~ ' rlike ' ~ ml_monitor.string_literal(pattern)) -%}
{% endmacro %}


{#-
  A category, class, version or segment value as the tables write it. Real values that look like our own words (`__all__`,
  `__other__`, `__null__`, ...), with or without `=` in front, get one more `=` in front, so the two never meet. Of a value of
  237 characters or more the first 200 are kept, then ` ... ` and the md5 of the whole: 237 in all, so that no two values meet.
  The whole value is in the log.
  Arguments: expression (SQL text). Returns: SQL text.
-#}
{% macro category(expression) %}
    {%- set words = ml_monitor.string_list(['__all__', '__other__', '__null__', '__none__', '__labelled__', '__unlabelled__']) -%}
    {#- Nearly all values are decided by their length and last two letters; trimming each costs more than counting it. -#}
    {%- do return("case when length(" ~ expression ~ ") > 236 then substr(" ~ expression ~ ", 1, 200) || ' ... ' || md5(" ~ expression ~ ") when "
        ~ expression ~ " like '%!_!_' escape '!' then case when trim(leading '=' from " ~ expression ~ ") in (" ~ words ~ ") then '=' || "
        ~ expression ~ " else " ~ expression ~ " end else " ~ expression ~ " end") -%}
{% endmacro %}

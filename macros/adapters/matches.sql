{#-
  Whether a text matches a regular expression somewhere; anchor it with ^ and $ to mean all of it.
  Arguments: x (SQL, text), pattern (string: classes, {m,n}, groups, |, \s and \d). Returns: SQL, a condition; NULL of NULL.
-#}
{% macro matches(x, pattern) %}
    {%- do return(adapter.dispatch('matches', 'ml_monitor')(x, pattern)) -%}
{% endmacro %}

{% macro default__matches(x, pattern) %}{% do ml_monitor.not_ported('matches', 'x, pattern') %}{% endmacro %}

{% macro duckdb__matches(x, pattern) %}
    {%- do return('regexp_matches(' ~ x ~ ', ' ~ ml_monitor.string_literal(pattern) ~ ')') -%}
{% endmacro %}

{% macro postgres__matches(x, pattern) %}
    {%- do return(x ~ ' ~ ' ~ ml_monitor.string_literal(pattern)) -%}
{% endmacro %}

{% macro spark__matches(x, pattern) %}
    {%- do return(x ~ ' rlike ' ~ ml_monitor.string_literal(pattern)) -%}
{% endmacro %}

{#-
  The text in UTF-8 that a base64 text stands for; NULL where it is no base64. PostgreSQL stops at bytes that are no UTF-8; on DuckDB they
  are NULL. Arguments: x (SQL, text). Returns: SQL, text.
-#}
{% macro base64_text(x) %}
    {%- do return(adapter.dispatch('base64_text', 'ml_monitor')(x)) -%}
{% endmacro %}

{% macro default__base64_text(x) %}{% do ml_monitor.not_ported('base64_text', 'x') %}{% endmacro %}

{% macro duckdb__base64_text(x) %}{% do return('try(decode(from_base64(' ~ x ~ ')))') %}{% endmacro %}

{% macro postgres__base64_text(x) %}
    {%- do return('case when ' ~ x ~ " ~ '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' then convert_from(decode(" ~ x
        ~ ", 'base64'), 'UTF8') end") -%}
{% endmacro %}

{#- Spark reads a text without its padding, too. -#}
{% macro spark__base64_text(x) %}
    {%- do return('case when ' ~ ml_monitor.modulo('length(' ~ x ~ ')', 4) ~ ' = 0 then decode(try_to_binary(' ~ x
        ~ ", 'base64'), 'UTF-8') end") -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__base64_text(x) %}{% do return(ml_monitor.default__base64_text(x)) %}{% endmacro %}

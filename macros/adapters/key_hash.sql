{#-
  A 64-bit hash of a key, to find rows of the same keys without reading the keys. It only narrows where to look: equality is
  always decided on the key itself. It is stored, and an engine may change its hash between versions (md5 would not, but
  costs as much as copying the whole log): keyed_log therefore checks it on every run.

  Arguments: expression (SQL, text, not NULL). Returns: SQL, bigint.
-#}
{% macro key_hash(expression) %}
    {%- do return(adapter.dispatch('key_hash', 'ml_monitor')(expression)) -%}
{% endmacro %}

{% macro default__key_hash(expression) %}{% do ml_monitor.not_ported('key_hash', 'expression') %}{% endmacro %}

{% macro postgres__key_hash(expression) %}
    {%- do return("hashtextextended(" ~ expression ~ ", 0)") -%}
{% endmacro %}

{% macro duckdb__key_hash(expression) %}
    {%- do return("cast(hash(" ~ expression ~ ") >> 1 as bigint)") -%}
{% endmacro %}

{% macro spark__key_hash(expression) %}
    {%- do return("xxhash64(" ~ expression ~ ")") -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__key_hash(expression) %}{% do return(ml_monitor.default__key_hash(expression)) %}{% endmacro %}

{#-
  A 64-bit hash of a key, to find rows of the same keys without reading the keys. It only narrows where to look: equality is
  always decided on the key itself. It is stored, and an engine may change its hash between versions (md5 would not, but
  costs as much as copying the whole log): keyed_log therefore checks it on every run.
-#}
{% macro key_hash(expression) %}
    {%- do return(adapter.dispatch('key_hash', 'ml_monitor')(expression)) -%}
{% endmacro %}

{% macro default__key_hash(expression) %}
    {%- do return("hashtextextended(" ~ expression ~ ", 0)") -%}
{% endmacro %}

{% macro duckdb__key_hash(expression) %}
    {%- do return("cast(hash(" ~ expression ~ ") >> 1 as bigint)") -%}
{% endmacro %}

{% macro spark__key_hash(expression) %}
    {%- do return("xxhash64(" ~ expression ~ ")") -%}
{% endmacro %}


{#-
  A 64-bit hash of a row's content, to compare rows within one statement. The fast hash of an engine may
  change between its versions, so nothing rests on a stored one but that a fingerprint of many rows is another (content_fingerprint).

  Arguments: columns (list of SQL expressions).
-#}
{% macro row_hash(columns) %}
    {%- do return(adapter.dispatch('row_hash', 'ml_monitor')(columns)) -%}
{% endmacro %}

{% macro default__row_hash(columns) %}
    {%- do return("hash_record_extended(row(" ~ columns | join(', ') ~ "), 0)") -%}
{% endmacro %}

{% macro duckdb__row_hash(columns) %}
    {%- do return("hash(" ~ columns | join(', ') ~ ")") -%}
{% endmacro %}

{% macro spark__row_hash(columns) %}
    {%- do return("xxhash64(" ~ columns | join(', ') ~ ")") -%}
{% endmacro %}


{#-
  What a set of rows holds, as one text: their number and a sum of their hashes, so that another content is another text. An engine
  may change its hash between versions; then it differs once, and what rests on it is built again.

  Arguments: columns (list of SQL expressions). Returns: SQL of an aggregate.
-#}
{% macro content_fingerprint(columns) %}
    {%- set text = dbt.type_string() -%}
    {%- do return('cast(count(*) as ' ~ text ~ ") || ' ' || cast(coalesce(sum(" ~ ml_monitor.row_hash(columns) ~ ' % 1000000007), 0) as ' ~ text ~ ')') -%}
{% endmacro %}


{#-
  How to write a CTE that is read several times but must not be kept in memory: `name {{ '{{ ml_monitor.as_inlined() }}' }} (select ...)`.
-#}
{% macro as_inlined() %}{% do return(adapter.dispatch('as_inlined', 'ml_monitor')()) %}{% endmacro %}

{% macro default__as_inlined() %}{% do return('as not materialized') %}{% endmacro %}

{% macro spark__as_inlined() %}{% do return('as') %}{% endmacro %}

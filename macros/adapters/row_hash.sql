{#-
  A 64-bit hash of a row's content, to compare rows within one statement. The fast hash of an engine may
  change between its versions, so nothing rests on a stored one but that a fingerprint of many rows is another (content_fingerprint).

  Arguments: columns (list of SQL expressions). Returns: SQL, a whole number; NULLs count: (NULL, 1) and (1, NULL) have two hashes.
-#}
{% macro row_hash(columns) %}
    {%- do return(adapter.dispatch('row_hash', 'ml_monitor')(columns)) -%}
{% endmacro %}

{% macro default__row_hash(columns) %}{% do ml_monitor.not_ported('row_hash', 'columns') %}{% endmacro %}

{% macro postgres__row_hash(columns) %}
    {%- do return("hash_record_extended(row(" ~ columns | join(', ') ~ "), 0)") -%}
{% endmacro %}

{% macro duckdb__row_hash(columns) %}
    {%- do return("hash(" ~ columns | join(', ') ~ ")") -%}
{% endmacro %}

{#- xxhash64 passes over NULLs, so that (NULL, 1) and (1, NULL) would have one hash: whether a value is missing is hashed, too. -#}
{% macro spark__row_hash(columns) %}
    {%- set ns = namespace(parts=[]) -%}
    {%- for column in columns -%}{%- set ns.parts = ns.parts + [column, '(' ~ column ~ ') is null'] -%}{%- endfor -%}
    {%- do return("xxhash64(" ~ ns.parts | join(', ') ~ ")") -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__row_hash(columns) %}{% do return(ml_monitor.default__row_hash(columns)) %}{% endmacro %}

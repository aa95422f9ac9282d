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

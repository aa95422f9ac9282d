{#-
  A 64-bit hash of a key. Stored, so it must not change with the version of the engine: made from md5.
  It only narrows where to look; equality is always decided on the key itself.
-#}
{% macro key_hash(expression) %}
    {%- do return(adapter.dispatch('key_hash', 'ml_monitor')(expression)) -%}
{% endmacro %}

{% macro default__key_hash(expression) %}
    {%- do return("cast(cast(('x' || substr(md5(" ~ expression ~ "), 1, 16)) as bit(64)) as bigint)") -%}
{% endmacro %}

{% macro duckdb__key_hash(expression) %}
    {%- do return("cast(md5_number_lower(" ~ expression ~ ") >> 1 as bigint)") -%}
{% endmacro %}

{% macro spark__key_hash(expression) %}
    {%- do return("xxhash64(" ~ expression ~ ")") -%}
{% endmacro %}


{#-
  A 64-bit hash of a row's content, to compare rows within one statement and to break ties. Never stored: the fast hash
  of an engine may change between its versions.

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

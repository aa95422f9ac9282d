{#-
  Rows of a log by their keys, in two steps: the CTE `name` finds by one narrow column where they are (ml_key_hash,
  ml_ingest_hour), and `at_located_keys` reads those ingest hours only. In one step all columns of the whole log are read.
  Arguments: name (string), log (relation), keys (select of hashes). Returns: SQL of the CTE, with its comma.
-#}
{% macro located_keys(name, log, keys) -%}
{{ name }} as (

    select ml_key_hash, ml_ingest_hour
    from {{ log }}
    where ml_key_hash in (
        {{ keys | indent(4) }}
    )

),
{%- endmacro %}

{#-
  A file, or files by a glob, as SQL selects from it; none if there is no such file, or the engine reads none.
  Arguments: path (string). Parquet unless the name says CSV, TSV, JSON or JSON Lines, compressed ones included.
  Returns: SQL of a relation, or none.
-#}
{% macro file_relation(path) %}
    {%- do return(adapter.dispatch('file_relation', 'ml_monitor')(path)) -%}
{% endmacro %}

{% macro default__file_relation(path) %}{% do return(none) %}{% endmacro %}

{% macro duckdb__file_relation(path) %}
    {%- set literal = ml_monitor.string_literal(path) -%}
    {%- if run_query('select count(*) from glob(' ~ literal ~ ')').rows[0][0] == 0 -%}{%- do return(none) -%}{%- endif -%}
    {%- set reader = 'read_csv' if modules.re.search('[.](csv|tsv)([.](gz|zst))?$', path)
        else 'read_json' if modules.re.search('[.](json|jsonl|ndjson)([.](gz|zst))?$', path)
        else 'read_parquet' -%}
    {%- do return(reader ~ '(' ~ literal ~ ', union_by_name = true)') -%}
{% endmacro %}

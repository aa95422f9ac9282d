{#-
  What a set of rows holds, as one text: their number and a sum of their hashes, so that another content is another text. An engine
  may change its hash between versions; then it differs once, and what rests on it is built again.

  Arguments: columns (list of SQL expressions). Returns: SQL of an aggregate.
-#}
{% macro content_fingerprint(columns) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- do return('cast(count(*) as ' ~ text ~ ") || ' ' || cast(coalesce(sum(" ~ ml_monitor.modulo(ml_monitor.row_hash(columns),
        1000000007) ~ '), 0) as ' ~ text ~ ')') -%}
{% endmacro %}

{#-
  Lines of CSV as a JSON array of arrays of texts, as explode_batch reads them: a row for each line, an element for each field. For numbers
  and plain words: a comma within quotes is not known, and a heading is a row.
  Arguments: x (SQL, text). Returns: SQL, text; NULL of NULL and of no text.
-#}
{% macro csv_as_json(x) %}
    {%- set text = 'rtrim(replace(' ~ x ~ ", chr(13), ''), chr(10))" -%}
    {%- set escaped = 'replace(replace(' ~ text ~ ', ' ~ ml_monitor.string_literal('\\') ~ ', ' ~ ml_monitor.string_literal('\\\\') ~ '), '
        ~ ml_monitor.string_literal('"') ~ ', ' ~ ml_monitor.string_literal('\\"') ~ ')' -%}
    {%- set rows = 'replace(replace(' ~ escaped ~ ", ',', '" ~ '","' ~ "'), chr(10), '" ~ '"],["' ~ "')" -%}
    {%- do return("'[[" ~ '"' ~ "' || nullif(" ~ rows ~ ", '') || '" ~ '"]]' ~ "'") -%}
{% endmacro %}

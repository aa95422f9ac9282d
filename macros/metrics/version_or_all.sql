{#-
  The version that a row of a rollup (alias `r`) counts for, where each is there twice: by itself, and with all versions together. It
  is joined to a relation `versions` with is_apart, 1 and 0.
  Returns: SQL.
-#}
{% macro version_or_all() %}
    {%- do return("case versions.is_apart when 1 then r.model_version else '__all__' end") -%}
{% endmacro %}

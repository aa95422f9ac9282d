{#-
  A relation under an alias of our own, as `from` and `join` write it. A subquery, such as dbt makes of a relation with --empty
  or of a test with `where`, may come with an alias where the engine asks for one, or without: it is replaced.
  Arguments: relation (relation, its name, or `(select ...)`), alias (string). Returns: SQL.
-#}
{% macro aliased(relation, alias) %}
    {%- set text = (relation | string).strip() -%}
    {%- do return((text.rpartition(')')[0] ~ ')' if text.startswith('(') else text) ~ ' as ' ~ alias) -%}
{% endmacro %}

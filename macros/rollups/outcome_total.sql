{#-
  A column of outcome_sums over several rows: the largest error is a maximum, all others are sums.
  Arguments: name (string), alias (string, optional: of the relation). Returns: SQL, an aggregate.
-#}
{% macro outcome_total(name, alias=none) %}
    {%- do return(('max' if name == 'largest_error' else 'sum') ~ '(' ~ (alias ~ '.' if alias else '') ~ name ~ ')') -%}
{% endmacro %}

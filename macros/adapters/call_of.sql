{#-
  A call of a SQL function. Arguments: name (string), values (list of SQL or numbers), indent (int or none: each value in a line of its
  own, so far to the right). Returns: SQL.
-#}
{% macro call_of(name, values, indent=none) %}
    {%- if indent is none -%}{%- do return(name ~ '(' ~ values | join(', ') ~ ')') -%}{%- endif -%}
    {%- set line = '\n' ~ ' ' * indent -%}
    {%- do return(name ~ '(' ~ line ~ values | join(',' ~ line) ~ line[:-4] ~ ')') -%}
{% endmacro %}

{#- The value that with_count put a count before. Arguments: text (SQL). Returns: SQL. -#}
{% macro without_count(text) %}{% do return('substr(' ~ text ~ ', 14)') %}{% endmacro %}

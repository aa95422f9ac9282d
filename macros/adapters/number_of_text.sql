{#-
  Text as a 64-bit float, with the commas taken out that part thousands (`1,234,567.5`); NULL where it is no such number. A comma
  elsewhere is not guessed at: `1.234,5` and `12,5` are NULL.

  Arguments: expression (SQL, text). Returns: SQL.
-#}
{% macro number_of_text(expression) %}
    {%- set has_thousands = ml_monitor.matches(expression, '^\\s*[-+]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?\\s*$') -%}
    {%- do return(ml_monitor.safe_cast("case when " ~ has_thousands ~ " then replace(" ~ expression ~ ", ',', '') else " ~ expression
        ~ " end", 'double')) -%}
{% endmacro %}

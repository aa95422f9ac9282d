{#-
  Whether a column moves too much between windows for PSI to find anything. Arguments: baseline variation (SQL, not NULL). Returns: SQL.
-#}
{% macro is_too_variable(baseline_variation) -%}
16 * {{ baseline_variation }} > 2
{%- endmacro %}

{#-
  Baseline variation from the windows of a baseline, an aggregate: their mean excess against the rest of the baseline, never below 0.
  Arguments: psi_excess (SQL, of one such window), over (SQL: the clause of a window function, or nothing). Returns: SQL.
-#}
{% macro baseline_variation(psi_excess, over='') -%}
{{ ml_monitor.greatest_of([0, 'avg(' ~ psi_excess ~ ')' ~ over]) }}
{%- endmacro %}

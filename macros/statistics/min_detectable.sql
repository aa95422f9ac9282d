{#-
  Smallest psi_excess that counts as a change, the evidence rule of the drift verdict: beyond sampling noise, beyond 16 times the baseline
  variation, and beyond 16 times the part of that variation that chance does not explain.

  Arguments: row (alias of a relation with these columns of a column and window)
    current_rows (n), reference_rows (m), bin_count (k) and psi_noise, as distances_from_counts returns them
    baseline_variation  how much the column moves between windows when nothing is wrong (see the macro of this name)
    baseline_windows    the number of windows that it was measured on
  Returns: SQL.
  Source: STATISTICS, "Restlessness", "Verdict"; docs/decisions/0013-restlessness-counts-twice.md.
-#}
{% macro min_detectable(row) -%}
{%- set unexplained = ml_monitor.greatest_of([0, row ~ '.baseline_variation - ' ~ ml_monitor.variation_by_chance(row)]) -%}
{{ row }}.psi_noise + 16 * {{ row }}.baseline_variation + 16 * {{ unexplained }}
{%- endmacro %}

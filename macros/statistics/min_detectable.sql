{#-
  Smallest psi_excess that counts as a change, the evidence rule of the drift verdict: beyond sampling noise, beyond 16 times the baseline
  variation, and beyond 16 times the part of that variation that chance does not explain.

  The baseline variation is that of days (or of 7 days). Longer windows vary less, but by how much depends on how long a column remembers,
  which 28 days do not tell: of what chance does not explain nothing is taken off, and the rest, which is mostly chance itself, is divided
  by the root of the length, as if days remembered about 0.7 (docs/decisions/0020-longer-windows.md).

  Arguments: days (SQL: the days of the window), unit_days (SQL: of the windows that baseline_variation is of),
    row (alias of a relation with these columns of a column and window)
    current_rows (n), reference_rows (m), bin_count (k) and psi_noise, as distances_from_counts returns them
    baseline_variation  how much the column moves between windows when nothing is wrong (see the macro of this name)
    baseline_windows    the number of windows that it was measured on
  Returns: SQL.
  Source: STATISTICS, "Restlessness", "Verdict"; docs/decisions/0013-restlessness-counts-twice.md.
-#}
{% macro min_detectable(row, days='1', unit_days='1') -%}
{%- set variation = row ~ '.baseline_variation' -%}
{%- set units = days if unit_days == '1' else days ~ ' / ' ~ unit_days -%}
{%- set windows = none if unit_days == '1' else ml_monitor.float64(row ~ '.baseline_windows') ~ ' / ' ~ unit_days -%}
{%- set unexplained = ml_monitor.greatest_of([0, variation ~ ' - ' ~ ml_monitor.variation_by_chance(row, units=units, windows=windows)]) -%}
{%- if days != '1' -%}
    {%- set variation = ml_monitor.greatest_of([variation ~ ' / sqrt(' ~ ml_monitor.float64(units) ~ ')', unexplained]) -%}
{%- endif -%}
{{ row }}.psi_noise + 16 * {{ variation }} + 16 * {{ unexplained }}
{%- endmacro %}

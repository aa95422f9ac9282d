{#-
  A bound of the baseline variation of a column that does not move, which it stays below in 98 of 100 cases: twice its standard deviation
  by sampling alone, for windows of the size of this one. Without movement the excess of one window has the standard deviation
  sqrt(2 (k - 1)) * (1/n + 1/m), and the mean of W of them 1 / sqrt(W) of that.

  Arguments: row (alias, see min_detectable), bins (SQL, default the bin_count of the row), units (SQL: how many windows of the variation
  the row has), windows (SQL: how many of them the baseline has, default baseline_windows). Returns: SQL, 0 where no window was compared.
-#}
{% macro variation_by_chance(row, bins=none, units='1', windows=none) -%}
{%- set bins = bins or row ~ '.bin_count' -%}
case
            when {{ row }}.baseline_windows > 0 and {{ bins }} > 1 and {{ row }}.current_rows > 0 and {{ row }}.reference_rows > 0
                then 2 * sqrt({{ ml_monitor.float64('2 * (' ~ bins ~ ' - 1)') }} / ({{ windows or row ~ '.baseline_windows' }}))
                    * ({{ units }} / {{ ml_monitor.float64(row ~ '.current_rows') }}
                        + 1 / {{ ml_monitor.float64(row ~ '.reference_rows') }})
            else 0
        end
{%- endmacro %}

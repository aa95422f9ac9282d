{#-
  What a change must be to count as one: the evidence rule of the drift verdict. Values are SQL.

  A row is the alias of a relation with, of one column and window,
    current_rows (n), reference_rows (m), bin_count (k) and psi_noise, as distances_from_counts gives them,
    baseline_variation  how much the column moves between windows without anything being wrong (see the macro of this name)
    baseline_windows the windows that baseline variation was measured on
  Source: STATISTICS, "Restlessness", "Verdict"; docs/decisions/0013-restlessness-counts-twice.md.
-#}

{#-
  Smallest psi_excess that counts as a change: beyond noise and beyond 16 times the baseline variation, of which what chance alone does not
  explain counts twice. Arguments: row (alias). Returns: SQL.
-#}
{% macro min_detectable(row) -%}
{%- set unexplained = ml_monitor.greatest_of([0, row ~ '.baseline_variation - ' ~ ml_monitor.variation_by_chance(row)]) -%}
{{ row }}.psi_noise + 16 * {{ row }}.baseline_variation + 16 * {{ unexplained }}
{%- endmacro %}


{#-
  What the baseline variation of a column that does not move stays below in 98 of 100 cases: twice its standard deviation by sampling alone, for
  windows of the size of this one. Without movement the excess of one window has sqrt(2 (k - 1)) * (1/n + 1/m), the mean of W of them
  1 / sqrt(W) of that. Arguments: row (alias). Returns: SQL, 0 where no window was compared.
-#}
{% macro variation_by_chance(row) -%}
case
            when {{ row }}.baseline_windows > 0 and {{ row }}.bin_count > 1 and {{ row }}.current_rows > 0 and {{ row }}.reference_rows > 0
                then 2 * sqrt({{ ml_monitor.float64('2 * (' ~ row ~ '.bin_count - 1)') }} / {{ row }}.baseline_windows)
                    * (1 / {{ ml_monitor.float64(row ~ '.current_rows') }} + 1 / {{ ml_monitor.float64(row ~ '.reference_rows') }})
            else 0
        end
{%- endmacro %}


{#- Whether a column moves too much between windows for PSI to find anything. Arguments: baseline variation (SQL, not NULL). Returns: SQL. -#}
{% macro is_too_variable(baseline_variation) -%}
16 * {{ baseline_variation }} > 2
{%- endmacro %}


{#-
  Baseline variation from the windows of a baseline, an aggregate: their mean excess against the rest of the baseline, never below 0.
  Arguments: psi_excess (SQL, of one such window), over (SQL: the clause of a window function, or nothing). Returns: SQL.
-#}
{% macro baseline_variation(psi_excess, over='') -%}
{{ ml_monitor.greatest_of([0, 'avg(' ~ psi_excess ~ ')' ~ over]) }}
{%- endmacro %}


{#- Why PSI cannot be judged: insufficient_sample, no_baseline, too_few_bins, too_variable, or NULL. Arguments: row (alias). Returns: SQL. -#}
{% macro psi_reason(row) -%}
case
            when {{ row }}.current_rows = 0 then 'insufficient_sample'
            when {{ row }}.reference_rows = 0 then 'no_baseline'
            when {{ row }}.bin_count < 2 then 'too_few_bins'
            when {{ ml_monitor.is_too_variable(row ~ '.baseline_variation') }} then 'too_variable'
        end
{%- endmacro %}


{#-
  How far a window may be from the baseline without anything being wrong: the mean distance of the baseline's own days to the rest of it,
  and five standard deviations. An aggregate over these days. Arguments: distance (SQL). Returns: SQL.
-#}
{% macro noise_of_days(distance) %}
    {%- do return('avg(' ~ distance ~ ') + 5 * coalesce(stddev_samp(' ~ distance ~ '), 0)') -%}
{% endmacro %}

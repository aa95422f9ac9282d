{#-
  What a change must be to count as one: the evidence rule of the drift verdict. Values are SQL.

  A row is the alias of a relation with, of one column and window,
    current_rows (n), reference_rows (m), bin_count (k) and psi_noise, as distances_from_counts gives them,
    restlessness     how much the column moves between windows without anything being wrong (see restlessness)
    baseline_windows the windows that restlessness was measured on
  Source: STATISTICS, "Restlessness", "Verdict".
-#}

{#- Smallest psi_excess that counts as a change. Arguments: row (alias). Returns: SQL. -#}
{% macro min_detectable(row) -%}
{{ row }}.psi_noise + 16 * {{ row }}.restlessness
{%- endmacro %}


{#- Whether a column moves too much between windows for PSI to find anything. Arguments: restlessness (SQL, not NULL). Returns: SQL. -#}
{% macro is_restless(restlessness) -%}
16 * {{ restlessness }} > 2
{%- endmacro %}


{#-
  Restlessness from the windows of a baseline, an aggregate: their mean excess against the rest of the baseline, never below 0.
  Arguments: psi_excess (SQL, of one such window). Returns: SQL.
-#}
{% macro restlessness(psi_excess) -%}
greatest(0, avg({{ psi_excess }}))
{%- endmacro %}


{#- Why PSI cannot be judged: insufficient_sample, no_baseline, too_few_bins, restless, or NULL. Arguments: row (alias). Returns: SQL. -#}
{% macro psi_reason(row) -%}
case
            when {{ row }}.current_rows = 0 then 'insufficient_sample'
            when {{ row }}.reference_rows = 0 then 'no_baseline'
            when {{ row }}.bin_count < 2 then 'too_few_bins'
            when {{ ml_monitor.is_restless(row ~ '.restlessness') }} then 'restless'
        end
{%- endmacro %}

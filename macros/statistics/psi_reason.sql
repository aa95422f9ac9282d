{#-
  Why PSI cannot be judged: insufficient_sample, no_baseline, too_few_bins, too_variable, or NULL. Arguments: row (alias). Returns: SQL.
-#}
{% macro psi_reason(row) -%}
case
            when {{ row }}.current_rows = 0 then 'insufficient_sample'
            when {{ row }}.reference_rows = 0 then 'no_baseline'
            when {{ row }}.bin_count < 2 then 'too_few_bins'
            when {{ ml_monitor.is_too_variable(row ~ '.baseline_variation') }} then 'too_variable'
        end
{%- endmacro %}

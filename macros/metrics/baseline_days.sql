{#-
  The days of the baseline, as the CTE `baseline_days` (model_version, window_start, day_rows).
  Arguments: baseline_windows (relation <m>__baseline_windows), where (SQL condition: the versions whose baselines count).
-#}
{% macro baseline_days(baseline_windows, where=none) -%}
baseline_days as (

    select model_version, window_start, row_count as day_rows from {{ baseline_windows }} where is_baseline{{ ' and ' ~ where if where }}

),
{%- endmacro %}

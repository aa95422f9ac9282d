{#-
  A sum of the baseline that a day is compared with: a day of the baseline is compared with the rest of it.
  Arguments (SQL): of_baseline, own (the sums of the baseline and of the day, NULL without rows), b (alias of baseline_days, joined to
    the day).
  Returns: SQL.
-#}
{% macro rest_of_baseline(of_baseline, own, b='b') -%}
    coalesce({{ of_baseline }}, 0) - case when {{ b }}.window_start is null then 0 else coalesce({{ own }}, 0) end
{%- endmacro %}

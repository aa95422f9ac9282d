{#-
  How far the estimate of a count from a sample may be off by chance: 3.29 standard deviations (99.9 %), if each of `rows` was drawn by
  itself with probability 1 / weight and counts `weight`. The variance of that sum is rows * (weight - 1): Horvitz and Thompson (1952).
  Arguments: rows, weight (SQL). Returns: SQL, a number of rows.
-#}
{% macro sampling_noise(rows, weight) %}
    {%- do return(ml_monitor.normal_quantile_9995() ~ ' * sqrt(' ~ rows ~ ' * ' ~ ml_monitor.greatest_of([0, weight ~ ' - 1']) ~ ')') -%}
{% endmacro %}

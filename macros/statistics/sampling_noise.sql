{#-
  How far the estimate of a count from a sample may be off by chance: five standard deviations, as for beyond_poisson, if each of `rows`
  was drawn by itself with probability 1 / weight and stands for `weight` of them. The variance of that sum is rows * (weight - 1)
  (Horvitz and Thompson, 1952). Arguments: rows, weight (SQL). Returns: SQL, a number of rows.
-#}
{% macro sampling_noise(rows, weight) %}
    {%- do return('5 * sqrt(' ~ rows ~ ' * ' ~ ml_monitor.greatest_of([0, weight ~ ' - 1']) ~ ')') -%}
{% endmacro %}

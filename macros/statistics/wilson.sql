{#-
  One bound of the Wilson score interval of a proportion, as SQL; NULL when there are no rows.

  Arguments: successes, n (SQL), side (`low` or `high`), z (number, default normal_quantile_9995: two-sided 99.9 %).
  Source: Wilson (1927), as scipy.stats.binomtest(...).proportion_ci(method='wilson').
-#}
{% macro wilson(successes, n, side, z=none) %}
    {%- set z = z if z is not none else ml_monitor.normal_quantile_9995() -%}
    {%- set k = ml_monitor.float64(successes) -%}
    {%- set m = ml_monitor.float64(n) -%}
    {%- set z2 = z * z -%}
    {%- set sign = '-' if side == 'low' else '+' -%}
    {%- set spread = 'sqrt(' ~ ml_monitor.greatest_of([0, k ~ ' * (' ~ m ~ ' - ' ~ k ~ ') / ' ~ m]) ~ ' + ' ~ (z2 / 4) ~ ')' -%}
    {%- set center = k ~ ' + ' ~ (z2 / 2) -%}
    {%- set bound = '(' ~ center ~ ' ' ~ sign ~ ' ' ~ z ~ ' * ' ~ spread ~ ') / (' ~ m ~ ' + ' ~ z2 ~ ')' -%}
    {%- set clipped = ml_monitor.greatest_of([0, bound]) if side == 'low' else ml_monitor.least_of([1, bound]) -%}
    {#- The two ends are exact, and most rates are 0. -#}
    {%- set end = [successes ~ ' = 0', ml_monitor.float64(0)] if side == 'low' else [successes ~ ' = ' ~ n, ml_monitor.float64(1)] -%}
    {%- set value = 'case when ' ~ end[0] ~ ' then ' ~ end[1] ~ ' else ' ~ clipped ~ ' end' -%}
    {#- greatest and least pass over NULL. -#}
    {%- do return('case when ' ~ n ~ ' > 0 and ' ~ successes ~ ' is not null then ' ~ value ~ ' end') -%}
{% endmacro %}

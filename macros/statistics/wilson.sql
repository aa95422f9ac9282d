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
    {%- set bound = '(' ~ k ~ ' + ' ~ (z2 / 2) ~ ' ' ~ sign ~ ' ' ~ z ~ ' * sqrt(' ~ ml_monitor.greatest_of([0, k ~ ' * (' ~ m ~ ' - ' ~ k ~ ') / ' ~ m]) ~ ' + ' ~ (z2 / 4) ~ ')) / (' ~ m ~ ' + ' ~ z2 ~ ')' -%}
    {%- set clipped = ml_monitor.greatest_of([0, bound]) if side == 'low' else ml_monitor.least_of([1, bound]) -%}
    {#- The two ends are exact, and most rates are 0. -#}
    {%- set end = [successes ~ ' = 0', ml_monitor.float64(0)] if side == 'low' else [successes ~ ' = ' ~ n, ml_monitor.float64(1)] -%}
    {#- greatest and least pass over NULL. -#}
    {%- do return('case when ' ~ n ~ ' > 0 and ' ~ successes ~ ' is not null then case when ' ~ end[0] ~ ' then ' ~ end[1] ~ ' else ' ~ clipped ~ ' end end') -%}
{% endmacro %}


{#- numerator / denominator as a 64-bit float; NULL when the denominator is 0. Arguments: SQL. -#}
{% macro ratio(numerator, denominator) %}
    {%- do return('case when ' ~ denominator ~ ' > 0 then ' ~ ml_monitor.float64(numerator) ~ ' / ' ~ denominator ~ ' end') -%}
{% endmacro %}


{#-
  A share with its Wilson bounds, as three columns of a select: <name>, <name>_low, <name>_high.
  Arguments: name (string), numerator, denominator (SQL).
-#}
{% macro bounded_ratio(name, numerator, denominator) -%}
{{ ml_monitor.ratio(numerator, denominator) }} as {{ name }},
        {%- for side in ['low', 'high'] %}
        {{ ml_monitor.wilson(numerator, denominator, side) }} as {{ name }}_{{ side }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}


{#- The 0.9995 quantile of the standard normal distribution: beyond it, up or down, lies one in a thousand. Source: scipy.stats.norm.ppf. -#}
{% macro normal_quantile_9995() %}{% do return(3.290526731491926) %}{% endmacro %}

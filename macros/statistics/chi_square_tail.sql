{#-
  The chance that a chi-square variable is at least so large, an aggregate over the terms of its sum.

  With k degrees of freedom and h = x / 2 it is a finite sum over d = k, k - 2, ... of h^(d / 2 - 1) e^-h / Gamma(d / 2), down
  to d = 2, or to d = 1, whose term is erfc(sqrt(h)), where k is odd. Exact to 1e-11.

  Arguments (SQL): h (a float between 1e-300 and 700: beyond that nothing is left that a float can hold), degrees (k, an int above 0),
    d (1, 2, 3, ... up to k or more, each in a row of its own), log_gamma (of d, see chi_square_terms).
  Returns: SQL, an aggregate.
  Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5.
-#}
{% macro chi_square_tail(h, degrees, d, log_gamma) %}
    {%- set term = '(' ~ ml_monitor.float64(d) ~ ' / 2 - 1) * ln(' ~ h ~ ') - ' ~ h ~ ' - ' ~ log_gamma -%}
    {%- set sum -%}
sum(case
            when {{ d }} > {{ degrees }} or {{ ml_monitor.modulo(d, 2) }} <> {{ ml_monitor.modulo(degrees, 2) }} then 0
            when {{ d }} = 1 then {{ ml_monitor.erfc('sqrt(' ~ h ~ ')') }}
            else exp({{ ml_monitor.greatest_of([-700, term]) }})
        end)
    {%- endset -%}
    {%- do return(ml_monitor.least_of([1, sum])) -%}
{% endmacro %}


{#-
  The complementary error function of x >= 0, to 1e-11 of its value: t exp(P(2 t - 1) - x^2) with t = 1 / (1 + x / 2), so that
  2 t - 1 = (1 - x / 2) / (1 + x / 2). The polynomial P is the Chebyshev interpolation of ln(erfc(x) exp(x^2) / t) of degree 16, computed
  with scipy.special.erfcx.

  Arguments: x (SQL, a float). Returns: SQL, a float.
-#}
{% macro erfc(x) %}
    {%- set coefficients = [
        -0.6717940840638897, 0.672643223956487, 0.04734330801947275, -0.046895609485506,
        -0.009872721153080832, 0.008824933282254371, 0.0017592649145710293, -0.002345825840890878,
        -0.00014798464738620246, 0.0006739603550284663, -8.858318164975995e-05, -0.00017558776342079565,
        6.234283279241239e-05, 3.469238572533234e-05, -2.076552378811089e-05, -3.725150537039769e-06,
        3.161067210608988e-06,
    ] -%}
    {%- set y = '((1 - ' ~ x ~ ' / 2) / (1 + ' ~ x ~ ' / 2))' -%}
    {#- Four coefficients at a time: nested as one, they are deeper than some parsers go. -#}
    {%- set ns = namespace(groups=[]) -%}
    {%- for group in coefficients | batch(4) -%}
        {%- set terms = namespace(sum=group[-1] | string) -%}
        {%- for coefficient in group[:-1] | reverse -%}
            {%- set terms.sum = '(' ~ terms.sum ~ ') * ' ~ y ~ ' + (' ~ coefficient ~ ')' -%}
        {%- endfor -%}
        {%- set power = 'power(' ~ y ~ ', ' ~ 4 * loop.index0 ~ ') * ' if loop.index0 else '' -%}
        {%- set ns.groups = ns.groups + [power ~ '(' ~ terms.sum ~ ')'] -%}
    {%- endfor -%}
    {%- do return('(1 + ' ~ y ~ ') / 2 * exp(' ~ ml_monitor.greatest_of([-700, ns.groups | join(' + ') ~ ' - ' ~ x ~ ' * ' ~ x]) ~ ')') -%}
{% endmacro %}

{#-
  The chance that a chi-square variable is at least so large, as the CTE <name>: keys, p_value.

  With k degrees of freedom and h = x / 2 it is a finite sum over d = k, k - 2, ... of h^(d / 2 - 1) e^-h / Gamma(d / 2), down
  to d = 2, or to d = 3 with erfc(sqrt(h)) added where k is odd. Exact to 1e-11. The degrees come from the seed ml_chi_square_quantiles;
  no row beyond those it has, nor where x is NULL.

  Arguments: counts (CTE name), keys (list of column names), statistic (SQL: x, a float), degrees (SQL: k, an int), name (string).
  Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5.
-#}
{% macro chi_square_tails(counts, keys, statistic, degrees, name) -%}
{%- set by_key = keys | join(', ') -%}
{{ name }}_terms as (

    select
        degrees_of_freedom as d,
        case when {{ ml_monitor.modulo('degrees_of_freedom', 2) }} = 0 then 0 else 0.5723649429247001 end -- ln(pi) / 2: Gamma(1 / 2) is sqrt(pi)
        + sum(case when degrees_of_freedom > 2 then ln({{ ml_monitor.float64('degrees_of_freedom') }} / 2 - 1) else 0 end) over (
            partition by {{ ml_monitor.modulo('degrees_of_freedom', 2) }}
            order by degrees_of_freedom
            rows between unbounded preceding and current row
        ) as log_gamma
    from {{ ref('ml_monitor', 'ml_chi_square_quantiles') }}

),

{# Beyond h = 700 nothing is left that a float can hold. -#}
{{ name }}_arguments as (

    select {{ by_key }}, {{ degrees }} as degrees, {{ ml_monitor.least_of([700, ml_monitor.greatest_of(['1e-300', '(' ~ statistic ~ ') / 2'])]) }} as h
    from {{ counts }}
    where
        {{ statistic }} is not null
        and {{ degrees }} between 1 and (select max(degrees_of_freedom) from {{ ref('ml_monitor', 'ml_chi_square_quantiles') }})

),

{{ name }} as (

    select
        {% for key in keys %}arguments.{{ key }},
        {% endfor -%}
        {% set tail -%}
        max(case when {{ ml_monitor.modulo('degrees', 2) }} = 1 then {{ ml_monitor.erfc('sqrt(h)') }} else 0 end)
        + coalesce(sum(case when d > 1 then exp({{ ml_monitor.greatest_of([-700, '(' ~ ml_monitor.float64('d') ~ ' / 2 - 1) * ln(h) - h - log_gamma']) }}) end), 0)
        {%- endset -%}
        {{ ml_monitor.least_of([1, tail]) }} as p_value
    from {{ name }}_arguments as arguments
    inner join {{ name }}_terms as terms on terms.d <= arguments.degrees and {{ ml_monitor.modulo('terms.d', 2) }} = {{ ml_monitor.modulo('arguments.degrees', 2) }}
    group by {% for key in keys %}arguments.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),
{%- endmacro %}


{#-
  The complementary error function of x >= 0, to 1e-11 of its value: t exp(P(2 t - 1) - x^2) with t = 1 / (1 + x / 2), so that
  2 t - 1 = (1 - x / 2) / (1 + x / 2). The polynomial P is the Chebyshev interpolation of ln(erfc(x) exp(x^2) / t) of degree 16, computed with scipy.special.erfcx.

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
        {%- set ns.groups = ns.groups + ['power(' ~ y ~ ', ' ~ 4 * loop.index0 ~ ') * (' ~ terms.sum ~ ')' if loop.index0 else terms.sum] -%}
    {%- endfor -%}
    {%- do return('(1 + ' ~ y ~ ') / 2 * exp(' ~ ml_monitor.greatest_of([-700, ns.groups | join(' + ') ~ ' - ' ~ x ~ ' * ' ~ x]) ~ ')') -%}
{% endmacro %}

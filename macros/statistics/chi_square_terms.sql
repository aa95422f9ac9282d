{#-
  The natural logarithms of Gamma(d / 2), as the CTE <name>: degrees_of_freedom (d, from 1), log_gamma. The degrees are those of the seed
  ml_chi_square_quantiles. Arguments: name (string).
-#}
{% macro chi_square_terms(name) -%}
{%- set is_odd = ml_monitor.modulo('degrees_of_freedom', 2) -%}
{{ name }} as (

    select
        degrees_of_freedom,
        {{ is_odd }} * 0.5723649429247001 -- ln(pi) / 2: Gamma(1 / 2) is sqrt(pi)
        + sum(case when degrees_of_freedom > 2 then ln({{ ml_monitor.float64('degrees_of_freedom') }} / 2 - 1) else 0 end) over (
            partition by {{ is_odd }}
            order by degrees_of_freedom
            rows between unbounded preceding and current row
        ) as log_gamma
    from {{ ref('ml_monitor', 'ml_chi_square_quantiles') }}

),
{%- endmacro %}

{#-
  q values by Benjamini and Hochberg, as the CTE <name>: the least share of false discoveries in a family at which a row is still
  among those called a discovery.

  Arguments: source (CTE name), family (list of column names), p_value, q_value (column names; the second is added, NULL without the
    first), name (string).
  Source: Benjamini and Hochberg (1995), Controlling the false discovery rate.
-#}
{% macro false_discoveries(source, family, p_value, q_value, name) -%}
{%- set has_p = 'case when ' ~ p_value ~ ' is null then 0 else 1 end' -%}
{%- set lowest -%}
min({{ p_value }} * family_size / p_rank) over (
            partition by {{ family | join(', ') }}, {{ has_p }} order by p_rank desc rows between unbounded preceding and current row
        )
{%- endset -%}
{{ name }} as (

    select
        *,
        case when {{ p_value }} is not null then {{ ml_monitor.least_of([1, lowest]) }} end as {{ q_value }}
    from (
        select
            *,
            row_number() over (partition by {{ family | join(', ') }}, {{ has_p }} order by {{ p_value }}) as p_rank,
            count({{ p_value }}) over (partition by {{ family | join(', ') }}) as family_size
        from {{ source }}
    ) as ranked

),
{%- endmacro %}

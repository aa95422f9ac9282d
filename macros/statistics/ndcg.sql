{#-
  Normalised discounted cumulative gain: how much of the relevance a ranking by score keeps at its top, as CTEs ending in `name`.

      dcg  = sum over items of relevance / log2(place + 1), places from 1 in falling order of score
      ndcg = dcg / the dcg of the ranking by relevance itself

  Items with the same score share the mean of their relevances, so that their order does not matter. The base of the logarithm cancels out.

  Arguments: relation (one row per item), groups (list of SQL names), item (SQL name that breaks ties), relevance, score (SQL names of
    64-bit floats, 0 or more; items without one of them are left out), name (string).
  Columns of `name`: the groups, item_count, ndcg (0 to 1; NULL if no item has a relevance above 0).
  Columns of `<name>_places`: the groups, the item, place and ideal_place (from 1).
  Source: Jaervelin and Kekaelaeinen, "Cumulated gain-based evaluation of IR techniques" (2002), as sklearn.metrics.ndcg_score; for
    attributions as Amazon SageMaker Clarify has it ("Feature attribution drift for models in production").
-#}
{% macro ndcg(relation, groups, item, relevance, score, name) -%}
{{ name }}_places as (

    select
        {{ groups | join(', ') }},
        {{ item }},
        {{ relevance }} as relevance,
        avg({{ relevance }}) over (partition by {{ groups | join(', ') }}, {{ score }}) as shared_relevance,
        row_number() over (partition by {{ groups | join(', ') }} order by {{ score }} desc, {{ item }}) as place,
        row_number() over (partition by {{ groups | join(', ') }} order by {{ relevance }} desc, {{ item }}) as ideal_place
    from {{ relation }}
    where {{ relevance }} is not null and {{ score }} is not null

),

{{ name }} as (

    select
        {{ groups | join(', ') }},
        cast(count(*) as int) as item_count,
        case when max(relevance) > 1e-100 then
            sum(case when shared_relevance < 1e-150 then 0 else shared_relevance / ln({{ ml_monitor.float64('place + 1') }}) end)
            / sum(case when relevance < 1e-150 then 0 else relevance / ln({{ ml_monitor.float64('ideal_place + 1') }}) end)
        end as ndcg
    from {{ name }}_places
    group by {{ groups | join(', ') }}

),
{%- endmacro %}

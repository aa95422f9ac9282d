{#-
  How well a score separates positives from negatives, from counts by slot and cell: rows of one cell count as ties.

  Arguments:
    counts (CTE name): keys, slot, cell, positive_count, negative_count (64-bit floats); one row per key, slot and cell
    keys (list of column names), name (string): the CTE to make
    sums (list of column names): columns of `counts` that are summed as well
  CTE: <name> with the keys, positive_count, negative_count, and
    auc                     area under the ROC curve; NULL without positives or negatives
    auc_error               its standard error; NULL with fewer than two of either
    average_precision       with the rows of a cell as ties; NULL without positives
    average_precision_from, average_precision_to   what it is at least and at most, whatever the order within a cell
  Source: scikit-learn (roc_auc_score, average_precision_score); DeLong, DeLong and Clarke-Pearson (1988). Within a cell average precision
    is least if its negatives come first: the precision at a positive is concave in the positives before it, so its mean is at least that
    of its ends. It is largest if its positives come first and are tied.
-#}
{% macro ranking_from_cells(counts, keys, name, sums=[]) -%}
{%- set by_key = keys | join(', ') -%}
{%- set from_top = 'partition by ' ~ by_key ~ ' order by slot desc, cell desc rows between unbounded preceding and current row' -%}
{%- set mean_square = 'sum({} * power({}, 2)) - max({}) * power(sum(positive_count * below) / max(positives), 2)' -%}
{{ name }}_ranked as (

    select
        {{ by_key }},
        {{ (['positive_count', 'negative_count'] + sums) | join(',\n        ') }},
        sum(positive_count) over (partition by {{ by_key }}) as positives,
        sum(negative_count) over (partition by {{ by_key }}) as negatives,
        sum(positive_count) over ({{ from_top }}) as positives_from,
        sum(negative_count) over ({{ from_top }}) as negatives_from
    from {{ counts }}

),

-- Of a positive the share of negatives below it, of a negative the share of positives above it; a tie is half.
{{ name }}_placed as (

    select
        *,
        (negatives - negatives_from + 0.5 * negative_count) / nullif(negatives, 0) as below,
        (positives_from - 0.5 * positive_count) / nullif(positives, 0) as above,
        positives_from - positive_count as positives_before,
        negatives_from - negative_count as negatives_before
    from {{ name }}_ranked

),

{{ name }} as (

    select
        {{ by_key }},
        max(positives) as positive_count,
        max(negatives) as negative_count,
        {%- for column in sums %}
        sum({{ column }}) as {{ column }},
        {%- endfor %}
        sum(positive_count * below) / nullif(max(positives), 0) as auc,
        case when max(positives) > 1 and max(negatives) > 1 then
            sqrt({{ ml_monitor.greatest_of([0,
                '(' ~ mean_square.format('positive_count', 'below', 'positives') ~ ') / (max(positives) * (max(positives) - 1)) + ('
                ~ mean_square.format('negative_count', 'above', 'negatives') ~ ') / (max(negatives) * (max(negatives) - 1))'
            ]) }})
        end as auc_error,
        sum(positive_count * positives_from / nullif(positives_from + negatives_from, 0)) / nullif(max(positives), 0) as average_precision,
        sum(case when positive_count > 0 then positive_count * 0.5 * (
            (positives_before + 1) / (positives_before + 1 + negatives_from) + positives_from / (positives_from + negatives_from)
        ) end) / nullif(max(positives), 0) as average_precision_from,
        sum(case when positive_count > 0 then positive_count * positives_from / (positives_from + negatives_before) end)
        / nullif(max(positives), 0) as average_precision_to
    from {{ name }}_placed
    group by {{ by_key }}

),
{%- endmacro %}

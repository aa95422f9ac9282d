{#-
  How much the top of ranked lists is the same in two relations: yesterday's recommendations and today's, or those of two models. Exact on
  raw rows; needs no pipeline. Of each list the k best items on either side are compared, and their order among them is not:

    overlap of a list = items in both / the larger number of items (k, or fewer if neither side has k)

  Ties are broken by the item, as text. An item that a list has twice counts once, at its better place. Rows without a list, an item or a
  rank (NULL or NaN) are left out.

  Arguments: relation, to (relation or `(select ...)`), list_id, item (SQL names), rank (SQL name: 1 is the best) or score (SQL name: the
    highest is the best), k (int), to_columns (dict of a name above -> the name in `to`, where it is another), to_where (SQL condition on
    the rows of `to`, optional), group_by (list of SQL names that both relations have).
  Returns: a select of one row, or one for each group of either side; none if both are empty:
    list_count                 lists of the relation
    joined_lists, joined_rate  those that the other has too, and their share (0 to 1)
    overlap, lowest_overlap    mean and least overlap of the joined lists (0 to 1); NULL without one
-#}
{% macro top_k_overlap(
    relation, to, list_id, item, rank=none, score=none, k=10, to_columns=none, to_where=none, group_by=none
) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set place = rank or score -%}
    {%- set names = to_columns or {} -%}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
with

all_items as (

    select
        0 as side,
        {{ groups.inputs }}cast({{ list_id }} as {{ text }}) as list_id,
        cast({{ item }} as {{ text }}) as item,
        {{ ml_monitor.float64(place) }} as place
    from {{ ml_monitor.aliased(relation, 'own_rows') }}
    union all
    select
        1 as side,
        {{ groups.inputs }}cast({{ names.get(list_id, list_id) }} as {{ text }}) as list_id,
        cast({{ names.get(item, item) }} as {{ text }}) as item,
        {{ ml_monitor.float64(names.get(place, place)) }} as place
    from {{ ml_monitor.aliased(to, 'other_rows') }}
    {%- if to_where %}
    where {{ to_where }}
    {%- endif %}

),

-- The smallest place is the best.
items as (

    select side, {{ groups.columns }}list_id, item, min({{ 'place' if rank else '-place' }}) as place
    from all_items
    where list_id is not null and item is not null and place is not null and not ({{ ml_monitor.is_nan('place') }})
    group by side, {{ groups.columns }}list_id, item

),

ranked as (

    select items.*, row_number() over (partition by side, {{ groups.columns }}list_id order by place, item) as item_rank
    from items

),

top_items as (

    select {{ groups.columns }}list_id, item, max(case when side = 0 then 1 else 0 end) as is_own, max(side) as is_other
    from ranked
    where item_rank <= {{ k }}
    group by {{ groups.columns }}list_id, item

),

lists as (

    select
        {{ groups.columns }}sum(is_own) as own_items,
        case
            when sum(is_own) > 0 and sum(is_other) > 0
                then {{ ml_monitor.float64('sum(is_own * is_other)') }} / {{ ml_monitor.greatest_of(['sum(is_own)', 'sum(is_other)']) }}
        end as overlap
    from top_items
    group by {{ groups.columns }}list_id

),

totals as (

    select
        {{ groups.columns }}count(case when own_items > 0 then 1 end) as list_count,
        count(overlap) as joined_lists,
        avg(overlap) as overlap,
        min(overlap) as lowest_overlap
    from lists
    {{- groups.by }}

),

{{ ml_monitor.final_measures('totals', group_by, [
    'list_count', 'joined_lists', ['joined_rate', 'joined_lists', 'list_count'], 'overlap', 'lowest_overlap',
]) }}
{%- endmacro %}

{#-
  The same rows in another table, such as an offline feature table, compared value by value, exact on raw rows; needs no pipeline.
  A row is joined if exactly one row of the other table has its keys; a NULL key finds none.

  Arguments: relation, to (relation or `(select ...)`), keys, columns (dicts of this relation's SQL name -> the other's), categorical (list: those of
    columns that are texts or categories; the others are numbers), group_by (list of SQL names of the relation).
  Returns: a select of one row per column, and per group; none if there are no rows:
    column_name, is_category
    row_count, joined_rows, joined_rate   rows, those that find their partner, and their share
    valued_rows               joined rows with a value on either side
    match_rate                share of joined rows with the same value, compared as stored; NULL is the same as NULL
    null_difference           absolute difference of the null rates of the joined rows
    vocabulary_difference     categories: share of values that the other side's joined rows never have; the larger one of both directions
    difference_p95, difference_max   numbers: absolute difference where both sides have a value; beyond 1e100 counts as 1e100
-#}
{% macro parity(relation, to, keys, columns, categorical=none, group_by=none) %}
    {%- set categorical = categorical or [] -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set groups = ml_monitor.group_keys(group_by) | join(', ') -%}
    {%- set right_keys = keys.values() | list -%}
with

own_rows as (

    select
        {{ ml_monitor.group_inputs(group_by) }}
        {%- for key in keys %},
        {{ key }} as key_{{ loop.index }}
        {%- endfor %}
        {%- for column in columns %},
        {{ 'cast(' ~ column ~ ' as ' ~ text ~ ')' if column in categorical else column }} as value_{{ loop.index }}
        {%- endfor %}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

other_rows as (

    select
        {%- for key in right_keys %}
        {{ key }} as key_{{ loop.index }},
        {%- endfor %}
        count(*) over (partition by {{ right_keys | join(', ') }}) as same_keys
        {%- for column, other in columns.items() %},
        {{ 'cast(' ~ other ~ ' as ' ~ text ~ ')' if column in categorical else other }} as value_{{ loop.index }}
        {%- endfor %}
    from {{ ml_monitor.aliased(to, 'compared_rows') }}

),

joined as (

    select
        {% for key in ml_monitor.group_keys(group_by) %}a.{{ key }}, {% endfor -%}
        case when b.same_keys = 1 then 1 else 0 end as is_joined
        {%- for column in columns %},
        a.value_{{ loop.index }} as own_{{ loop.index }},
        b.value_{{ loop.index }} as other_{{ loop.index }}
        {%- endfor %}
    from own_rows as a
    left join other_rows as b on b.same_keys = 1 and {% for key in right_keys %}a.key_{{ loop.index }} = b.key_{{ loop.index }}{{ ' and ' if not loop.last }}{% endfor %}

),

totals as (

    select {{ groups }}, count(*) as row_count, sum(is_joined) as joined_rows
    from joined
    group by {{ groups }}

),

pairs as (
    {% for column in columns %}
    select
        {{ groups }},
        {{ loop.index }} as column_number,
        {{ ('own_' ~ loop.index) if column in categorical else 'cast(null as ' ~ text ~ ')' }} as own_text,
        {{ ('other_' ~ loop.index) if column in categorical else 'cast(null as ' ~ text ~ ')' }} as other_text,
        case when own_{{ loop.index }} is null then 1 else 0 end as own_null,
        case when other_{{ loop.index }} is null then 1 else 0 end as other_null,
        case when own_{{ loop.index }} = other_{{ loop.index }} or (own_{{ loop.index }} is null and other_{{ loop.index }} is null) then 1 else 0 end as is_match,
        {%- if column in categorical %}
        {{ ml_monitor.float64('null') }} as difference
        {%- else %}
        case
            when own_{{ loop.index }} = other_{{ loop.index }} then 0
            when own_{{ loop.index }} is not null and other_{{ loop.index }} is not null
                then abs({{ ml_monitor.clamped('own_' ~ loop.index) }} - {{ ml_monitor.clamped('other_' ~ loop.index) }})
        end as difference
        {%- endif %}
    from joined
    where is_joined = 1
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

sums as (

    select
        {{ groups }},
        column_number,
        {{ ml_monitor.float64('count(*)') }} as pair_count,
        sum(1 - own_null * other_null) as valued_rows,
        sum(is_match) as matches,
        sum(own_null) as own_nulls,
        sum(other_null) as other_nulls,
        {{ ml_monitor.quantile(0.95, 'difference') }} as difference_p95,
        max(difference) as difference_max
    from pairs
    group by {{ groups }}, column_number

),

{% if categorical -%}
words as (

    select {{ groups }}, column_number, word, sum(own_count) as own_count, sum(other_count) as other_count
    from (
        select {{ groups }}, column_number, own_text as word, 1 as own_count, 0 as other_count from pairs where own_text is not null
        union all
        select {{ groups }}, column_number, other_text as word, 0 as own_count, 1 as other_count from pairs where other_text is not null
    ) as written
    group by {{ groups }}, column_number, word

),

vocabularies as (

    select
        {{ groups }},
        column_number,
        {{ ml_monitor.greatest_of([
            ml_monitor.ratio('sum(case when other_count = 0 then own_count else 0 end)', 'sum(own_count)'),
            ml_monitor.ratio('sum(case when own_count = 0 then other_count else 0 end)', 'sum(other_count)'),
        ], indent=12) }} as vocabulary_difference
    from words
    group by {{ groups }}, column_number

),

{% endif -%}
compared_columns as (
    {% for column in columns %}
    select
        {{ loop.index }} as column_number,
        {{ ml_monitor.string_literal(column) }} as column_name,
        {{ '1 = 1' if column in categorical else '1 = 0' }} as is_category
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

final as (

    select
        {{ ml_monitor.group_outputs(group_by, 't') }}cast(c.column_name as {{ text }}) as column_name,
        c.is_category,
        t.row_count,
        t.joined_rows,
        {{ ml_monitor.ratio('t.joined_rows', 't.row_count') }} as joined_rate,
        coalesce(s.valued_rows, 0) as valued_rows,
        s.matches / s.pair_count as match_rate,
        abs(s.own_nulls - s.other_nulls) / s.pair_count as null_difference,
        {{ 'v.vocabulary_difference' if categorical else ml_monitor.float64('null') ~ ' as vocabulary_difference' }},
        {{ ml_monitor.float64('s.difference_p95') }} as difference_p95,
        {{ ml_monitor.float64('s.difference_max') }} as difference_max
    from totals as t
    cross join compared_columns as c
    left join sums as s on s.column_number = c.column_number and {{ ml_monitor.same_group('s', 't', ml_monitor.group_aliases(group_by)) }}
    {%- if categorical %}
    left join vocabularies as v on v.column_number = c.column_number and {{ ml_monitor.same_group('v', 't', ml_monitor.group_aliases(group_by)) }}
    {%- endif %}

)

select * from final
{%- endmacro %}


{#- A number as a 64-bit float within +-1e100, so that a difference cannot overflow. Arguments: SQL. Returns: SQL. -#}
{% macro clamped(x) %}
    {%- do return(ml_monitor.greatest_of(['-1e100', ml_monitor.least_of(['1e100', ml_monitor.float64(x)])])) -%}
{% endmacro %}

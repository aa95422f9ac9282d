{#-
  The same rows in another table, such as an offline feature table, compared value by value, exact on raw rows; needs no pipeline.
  A row is joined if exactly one row of the other table has its keys; a NULL key finds none.

  Arguments: relation, to (relation or `(select ...)`), keys, columns (dicts of this relation's SQL name -> the other's), categorical (list:
    those of columns that are texts or categories; the others are numbers), group_by (list of SQL names of the relation).
  Returns: a select of one row per column, and per group; none if there are no rows:
    column_name, is_category
    row_count, joined_rows, joined_rate   rows, those that find their partner, and their share
    valued_rows               joined rows with a value on either side
    match_rate                share of joined rows with the same value; NULL is the same as NULL, a 32-bit 0.3 the same as 0.3
    null_difference           absolute difference of the null rates of the joined rows
    vocabulary_difference     categories: share of values that the other side's joined rows never have; the larger one of both directions
    difference_p95, difference_max   numbers: absolute difference where both sides have a value; beyond 1e100 counts as 1e100
-#}
{% macro parity(relation, to, keys, columns, categorical=none, group_by=none) %}
    {%- set categorical = categorical or [] -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
    {%- set right_keys = keys.values() | list -%}
    {%- set ns = namespace(own=[], other=[], on=['b.same_keys = 1'], values=[]) -%}
    {%- for key, other in keys.items() -%}
        {%- set ns.own = ns.own + [key ~ ' as key_' ~ loop.index] -%}
        {%- set ns.other = ns.other + [other ~ ' as key_' ~ loop.index] -%}
        {%- set ns.on = ns.on + ['a.key_' ~ loop.index ~ ' = b.key_' ~ loop.index] -%}
    {%- endfor -%}
    {%- for column, other in columns.items() -%}
        {%- set is_text = column in categorical -%}
        {%- set ns.own = ns.own + [('cast(' ~ column ~ ' as ' ~ text ~ ')' if is_text else column) ~ ' as value_' ~ loop.index] -%}
        {%- set ns.other = ns.other + [('cast(' ~ other ~ ' as ' ~ text ~ ')' if is_text else other) ~ ' as value_' ~ loop.index] -%}
        {%- set ns.values = ns.values + ['a.value_' ~ loop.index ~ ' as own_' ~ loop.index] -%}
        {%- set ns.values = ns.values + ['b.value_' ~ loop.index ~ ' as other_' ~ loop.index] -%}
    {%- endfor -%}
with

own_rows as (

    select
        {{ groups.inputs }}{{ ns.own | join(',\n        ') }}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

other_rows as (

    select
        {{ ns.other | join(',\n        ') }},
        count(*) over (partition by {{ right_keys | join(', ') }}) as same_keys
    from {{ ml_monitor.aliased(to, 'compared_rows') }}

),

joined as (

    select
        {{ groups.columns | replace('group_', 'a.group_') }}case when b.same_keys = 1 then 1 else 0 end as is_joined,
        {{ ns.values | join(',\n        ') }}
    from own_rows as a
    left join other_rows as b on {{ ns.on | join(' and ') }}

),

totals as (

    select {{ groups.columns }}count(*) as row_count, sum(is_joined) as joined_rows
    from joined
    {{- groups.by }}

),

pairs as (
    {%- for column in columns %}
    {%- set own, other = 'own_' ~ loop.index, 'other_' ~ loop.index %}
    {{- '\n    union all' if not loop.first }}
    select
        {{ groups.columns }}{{ loop.index }} as column_number,
        {{ own if column in categorical else 'cast(null as ' ~ text ~ ')' }} as own_text,
        {{ other if column in categorical else 'cast(null as ' ~ text ~ ')' }} as other_text,
        case when {{ own }} is null then 1 else 0 end as own_null,
        case when {{ other }} is null then 1 else 0 end as other_null,
        {%- set is_same = own ~ ' = ' ~ other if column in categorical else ml_monitor.is_same_number(own, other) %}
        case when {{ is_same }} or ({{ own }} is null and {{ other }} is null) then 1 else 0 end as is_match,
        {%- if column in categorical %}
        {{ ml_monitor.float64('null') }} as difference
        {%- else %}
        case
            when {{ is_same }} then 0
            when {{ own }} is not null and {{ other }} is not null
                then abs({{ ml_monitor.clamped(own) }} - {{ ml_monitor.clamped(other) }})
        end as difference
        {%- endif %}
    from joined
    where is_joined = 1
    {%- endfor %}

),

sums as (

    select
        {{ groups.columns }}column_number,
        {{ ml_monitor.float64('count(*)') }} as pair_count,
        sum(1 - own_null * other_null) as valued_rows,
        sum(is_match) as matches,
        sum(own_null) as own_nulls,
        sum(other_null) as other_nulls,
        {{ ml_monitor.quantile(0.95, 'difference') }} as difference_p95,
        max(difference) as difference_max
    from pairs
    {{- groups.by }}, column_number

),

{% if categorical -%}
words as (

    select {{ groups.columns }}column_number, word, sum(own_count) as own_count, sum(other_count) as other_count
    from (
        select {{ groups.columns }}column_number, own_text as word, 1 as own_count, 0 as other_count from pairs
        union all
        select {{ groups.columns }}column_number, other_text as word, 0 as own_count, 1 as other_count from pairs
    ) as written
    where word is not null
    {{- groups.by }}, column_number, word

),

vocabularies as (

    select
        {{ groups.columns }}column_number,
        {{ ml_monitor.greatest_of([
            ml_monitor.ratio('sum(case when other_count = 0 then own_count else 0 end)', 'sum(own_count)'),
            ml_monitor.ratio('sum(case when own_count = 0 then other_count else 0 end)', 'sum(other_count)'),
        ], indent=12) }} as vocabulary_difference
    from words
    {{- groups.by }}, column_number

),

{% endif -%}
compared_columns as (
    {%- for column in columns %}
    {{- '\n    union all' if not loop.first }}
    select
        {{ loop.index }} as column_number,
        {{ ml_monitor.string_literal(column) }} as column_name,
        {{ '1 = 1' if column in categorical else '1 = 0' }} as is_category
    {%- endfor %}

),

{% set source -%}
totals as t
    cross join compared_columns as c
    left join sums as s on s.column_number = c.column_number and {{ ml_monitor.same_group('s', 't', groups.names) }}
    {%- if categorical %}
    left join vocabularies as v on v.column_number = c.column_number and {{ ml_monitor.same_group('v', 't', groups.names) }}
    {%- endif %}
{%- endset -%}
{{ ml_monitor.final_measures(source, group_by, [
    ['column_name', 'cast(c.column_name as ' ~ text ~ ')'], 'c.is_category', 't.row_count', 't.joined_rows',
    ['joined_rate', 't.joined_rows', 't.row_count'],
    ['valued_rows', 'coalesce(s.valued_rows, 0)'],
    ['match_rate', 's.matches / s.pair_count'],
    ['null_difference', 'abs(s.own_nulls - s.other_nulls) / s.pair_count'],
    ['vocabulary_difference', 'v.vocabulary_difference' if categorical else ml_monitor.float64('null')],
    ['difference_p95', ml_monitor.float64('s.difference_p95')],
    ['difference_max', ml_monitor.float64('s.difference_max')],
], alias='t') }}
{%- endmacro %}


{#-
  Condition that two numbers are the same as people read them: a 32-bit 0.3 is the 0.3 of a table in 64 bits (exact_number). Whole numbers
  beyond 2^53 are compared as they are. Arguments: SQL of two columns. Returns: SQL.
-#}
{% macro is_same_number(own, other) %}
    {%- set x, y = ml_monitor.exact_number(own), ml_monitor.exact_number(other) -%}
    {%- set is_narrow = x ~ ' <> ' ~ ml_monitor.float64(own) ~ ' or ' ~ y ~ ' <> ' ~ ml_monitor.float64(other) -%}
    {%- do return('(' ~ own ~ ' = ' ~ other ~ ' or (' ~ x ~ ' = ' ~ y ~ ' and (' ~ is_narrow ~ ')))') -%}
{% endmacro %}


{#- A number as a 64-bit float within +-1e100, so that a difference cannot overflow. Arguments: SQL. Returns: SQL. -#}
{% macro clamped(x) %}
    {%- do return(ml_monitor.greatest_of(['-1e100', ml_monitor.least_of(['1e100', ml_monitor.float64(x)])])) -%}
{% endmacro %}

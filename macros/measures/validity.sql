{#-
  How much of a column keeps to what is declared of it, exact on raw rows; needs no pipeline.

  Arguments:
    relation (relation or `(select ...)`), column (SQL name), kind (`numeric` or `categorical`)
    min, max (numbers, numeric), accepted_values (list), pattern (regular expression, categorical; anchor it with ^ and $), each optional
    reference (relation, optional), reference_column (SQL name, default the same): where known values come from
    group_by (list of SQL names, optional); a group is compared with the whole reference
  Returns: a select of one row, or one for each group with its columns:
    row_count, value_count                   rows; those with a value: not NULL and, in a numeric column, not NaN
    invalid_count, invalid_rate              outside of min and max, or not among accepted_values
    new_value_count, new_value_rate          not a value of the reference
    unmatched_count, pattern_rate            categorical: does not match the pattern
    infinite_count, infinite_rate            numeric: infinite, or of a magnitude above 1e100
    clipped_count, clipped_share             numeric: exactly at min or at max
    numeric_text_count, numeric_text_rate    categorical: a text that is a number
    p1, p50, p99                             numeric: percentiles of the finite values, each a real value
    Rates are shares of value_count. What does not apply to the kind, or lacks its argument or any value in the reference, is NULL.
  Raises: an unknown kind.
-#}
{% macro validity(
    relation, column, kind='numeric', min=none, max=none, accepted_values=none, pattern=none, reference=none, reference_column=none,
    group_by=none
) %}
    {%- do ml_monitor.check_kind('validity', kind) -%}
    {%- set is_numeric = kind == 'numeric' -%}
    {%- set groups = ml_monitor.groups(group_by) -%}
    {%- set known, type = reference_column or column, ml_monitor.text_type() -%}
    {%- set has_value = 'v.value <> ' ~ ml_monitor.float64("'NaN'") if is_numeric else 'v.value is not null' -%}
    {%- set ns = namespace(accepted=[]) -%}
    {%- for one in accepted_values or [] -%}
        {%- set word = (one | string | lower) if one is boolean else one -%}
        {%- set ns.accepted = ns.accepted + [ml_monitor.float64(one) if is_numeric else ml_monitor.string_literal(word)] -%}
    {%- endfor -%}
    {%- set is_outside = ml_monitor.is_outside('v.value', min, max) if is_numeric -%}
    {%- set is_unaccepted = 'v.value not in (' ~ ns.accepted | join(', ') ~ ')' if ns.accepted -%}
    {%- set conditions = {
        'invalid_count': [is_outside, is_unaccepted] | select | join(' or '),
        'new_value_count': 'r.value is null' if reference,
        'unmatched_count': 'not ' ~ ml_monitor.matches('v.value', pattern) if pattern is not none and not is_numeric,
        'infinite_count': ml_monitor.is_infinite('v.value') if is_numeric,
        'clipped_count': ml_monitor.is_clipped('v.value', min, max) if is_numeric,
        'numeric_text_count': ml_monitor.is_numeric_text('v.value') if not is_numeric,
    } -%}
    {%- set counts = {} -%}
    {%- for name, condition in conditions.items() -%}
        {%- do counts.update({name: has_value ~ ' and (' ~ condition ~ ')' if condition}) -%}
    {%- endfor -%}
with

{% if reference -%}
reference_values as (

    select distinct {{ ml_monitor.exact_number(known) if is_numeric else 'cast(' ~ known ~ ' as ' ~ type ~ ')' }} as value
    from {{ ml_monitor.aliased(reference, 'reference_rows') }}

),

{% endif -%}
column_values as (

    select {{ groups.inputs }}{{ ml_monitor.exact_number(column) if is_numeric else 'cast(' ~ column ~ ' as ' ~ type ~ ')' }} as value
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

counted as (

    select
        {{ groups.columns }}count(*) as row_count
        {{- ml_monitor.condition_counts(counts) }},
        {%- for name, share in {'p1': 0.01, 'p50': 0.5, 'p99': 0.99}.items() %}
        {%- set finite = 'case when v.value between -1e100 and 1e100 then v.value end' %}
        {{ ml_monitor.quantile(share, finite) if is_numeric else ml_monitor.float64('null') }} as {{ name }},
        {%- endfor %}
        count(case when {{ has_value }} then 1 end) as value_count
    from column_values as v
    {%- if reference %}
    left join reference_values as r on v.value = r.value
    {%- endif %}
    {{- groups.by }}

),

{% set new_value_rate = 'case when exists (select 1 from reference_values where value is not null) then '
    ~ ml_monitor.ratio('new_value_count', 'value_count') ~ ' end' -%}
{{ ml_monitor.final_measures('counted', group_by, ['row_count', 'value_count'] + counts | list + [
    ['invalid_rate', 'invalid_count', 'value_count'],
    ['new_value_rate', new_value_rate if reference else ml_monitor.float64('null')],
    ['pattern_rate', 'unmatched_count', 'value_count'],
    ['infinite_rate', 'infinite_count', 'value_count'],
    ['clipped_share', 'clipped_count', 'value_count'],
    ['numeric_text_rate', 'numeric_text_count', 'value_count'],
    'p1', 'p50', 'p99',
]) }}
{%- endmacro %}

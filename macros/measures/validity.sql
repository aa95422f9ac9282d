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
{% macro validity(relation, column, kind='numeric', min=none, max=none, accepted_values=none, pattern=none, reference=none, reference_column=none, group_by=none) %}
    {%- do ml_monitor.check_kind('validity', kind) -%}
    {%- set is_numeric = kind == 'numeric' -%}
    {%- set groups = ml_monitor.group_columns(group_by) -%}
    {%- set has_value = 'v.value <> ' ~ ml_monitor.float64("'NaN'") if is_numeric else 'v.value is not null' -%}
    {%- set ns = namespace(invalid=[], accepted=[]) -%}
    {%- for one in accepted_values or [] -%}
        {%- set word = (one | string | lower) if one is boolean else one -%}
        {%- set ns.accepted = ns.accepted + [ml_monitor.float64(one) if is_numeric else ml_monitor.string_literal(word)] -%}
    {%- endfor -%}
    {%- if is_numeric and (min is not none or max is not none) -%}
        {%- set ns.invalid = ns.invalid + [ml_monitor.is_outside('v.value', min, max)] -%}
    {%- endif -%}
    {%- if ns.accepted -%}
        {%- set ns.invalid = ns.invalid + ['v.value not in (' ~ ns.accepted | join(', ') ~ ')'] -%}
    {%- endif -%}
    {%- set counts = {} -%}
    {%- if ns.invalid -%}
        {%- do counts.update({'invalid': '(' ~ ns.invalid | join(' or ') ~ ')'}) -%}
    {%- endif -%}
    {%- if reference -%}
        {%- do counts.update({'new_value': 'r.value is null'}) -%}
    {%- endif -%}
    {%- if is_numeric -%}
        {%- do counts.update({'infinite': ml_monitor.is_infinite('v.value')}) -%}
        {%- if min is not none or max is not none -%}
            {%- do counts.update({'clipped': ml_monitor.is_clipped('v.value', min, max)}) -%}
        {%- endif -%}
    {%- else -%}
        {%- do counts.update({'numeric_text': ml_monitor.is_numeric_text('v.value')}) -%}
        {%- if pattern is not none -%}
            {%- do counts.update({'unmatched': 'not ' ~ ml_monitor.matches('v.value', pattern)}) -%}
        {%- endif -%}
    {%- endif -%}
    {%- set type = ml_monitor.float_type() if is_numeric else ml_monitor.text_type() -%}
with

{% if reference -%}
reference_values as (

    select distinct cast({{ reference_column or column }} as {{ type }}) as value
    from {{ ml_monitor.aliased(reference, 'reference_rows') }}

),

{% endif -%}
column_values as (

    select
        {%- for group in groups %}
        {{ group }} as group_{{ loop.index }},
        {%- endfor %}
        cast({{ column }} as {{ type }}) as value
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

counted as (

    select
        {%- for group in groups %}
        v.group_{{ loop.index }},
        {%- endfor %}
        count(*) as row_count,
        {%- for name in ['invalid', 'new_value', 'unmatched', 'infinite', 'clipped', 'numeric_text'] %}
        {%- if name in counts %}
        count(case when {{ has_value }} and {{ counts[name] }} then 1 end) as {{ name }}_count,
        {%- else %}
        cast(null as bigint) as {{ name }}_count,
        {%- endif %}
        {%- endfor %}
        {%- for name, share in [['p1', 0.01], ['p50', 0.5], ['p99', 0.99]] %}
        {%- if is_numeric %}
        {{ ml_monitor.quantile(share, 'case when v.value between -1e100 and 1e100 then v.value end') }} as {{ name }},
        {%- else %}
        {{ ml_monitor.float64('null') }} as {{ name }},
        {%- endif %}
        {%- endfor %}
        count(case when {{ has_value }} then 1 end) as value_count
    from column_values as v
    {%- if reference %}
    left join reference_values as r on v.value = r.value
    {%- endif %}
    {%- if groups %}
    group by v.{{ ml_monitor.group_aliases(groups) | join(', v.') }}
    {%- endif %}

),

final as (

    select
        {%- for group in groups %}
        group_{{ loop.index }} as {{ group }},
        {%- endfor %}
        row_count,
        value_count,
        invalid_count,
        new_value_count,
        unmatched_count,
        infinite_count,
        clipped_count,
        numeric_text_count,
        {{ ml_monitor.ratio('invalid_count', 'value_count') }} as invalid_rate,
        {%- if reference %}
        case when exists (select 1 from reference_values where value is not null) then {{ ml_monitor.ratio('new_value_count', 'value_count') }} end as new_value_rate,
        {%- else %}
        {{ ml_monitor.float64('null') }} as new_value_rate,
        {%- endif %}
        {{ ml_monitor.ratio('unmatched_count', 'value_count') }} as pattern_rate,
        {{ ml_monitor.ratio('infinite_count', 'value_count') }} as infinite_rate,
        {{ ml_monitor.ratio('clipped_count', 'value_count') }} as clipped_share,
        {{ ml_monitor.ratio('numeric_text_count', 'value_count') }} as numeric_text_rate,
        p1,
        p50,
        p99
    from counted

)

select * from final
{%- endmacro %}

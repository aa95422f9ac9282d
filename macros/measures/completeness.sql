{#-
  How much of a column is there, and how much of what is there is filler, exact on raw rows; needs no pipeline.

  Arguments:
    relation (relation or `(select ...)`), column (SQL name), kind (`numeric` or `categorical`)
    default_value (number or string, optional): what is written where nothing is known, such as -1
    reference (relation, optional), reference_column (SQL name, default the same): where known values and their range come from
    group_by (list of SQL names, optional); a group is compared with the whole reference
  Returns: a select of one row, or one for each group with its columns. Counts of rows:
    row_count, null_count, nan_count (numeric), empty_count (categorical: nothing but blanks), missing_count (NULL, NaN or empty)
    value_count                                 rows that are not missing
    zero_count (numeric), default_count, top_value_count (rows with the most frequent value)
    outside_reference_count (numeric: below the reference's smallest finite value, or above its largest), unknown_count (value that the
      reference does not have)
    distinct_count                              values, missing ones left out
    null_rate, missing_rate                     share of rows
    nan_rate, empty_rate, zero_rate, default_rate, nonzero_rate (a value, and not 0)
                                                share of rows; NULL if the column is all NULL
    top_value_share, outside_reference_share, unknown_share
                                                share of value_count
    What does not apply to the kind, or lacks its argument or any value in the reference, is NULL.
  Raises: an unknown kind.
-#}
{% macro completeness(relation, column, kind='numeric', default_value=none, reference=none, reference_column=none, group_by=none) %}
    {%- do ml_monitor.check_kind('completeness', kind) -%}
    {%- set is_numeric = kind == 'numeric' -%}
    {%- set groups = ml_monitor.groups(group_by) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set counted_value = column if is_numeric else 'cast(' ~ column ~ ' as ' ~ text ~ ')' -%}
    {%- set known_column = reference_column or column -%}
    {%- set x = ml_monitor.float64('c.value') if is_numeric else 'c.value' -%}
    {%- set has_value = x ~ ' <> ' ~ ml_monitor.float64("'NaN'") if is_numeric else 'not ' ~ ml_monitor.is_empty_text(x) -%}
    {%- set default = ml_monitor.float64(default_value) if is_numeric else ml_monitor.string_literal(default_value) -%}
    {%- set number = ml_monitor.float64('value') -%}
    {%- set finite = 'case when ' ~ number ~ ' between -1e100 and 1e100 then ' ~ number ~ ' end' if is_numeric else 'value' -%}
    {%- set is_outside = ' and (' ~ x ~ ' < reference_range.lowest or ' ~ x ~ ' > reference_range.highest)' -%}
    {%- set counts = {
        'null_count': 'c.value is null',
        'nan_count': ml_monitor.is_nan(x) if is_numeric,
        'empty_count': ml_monitor.is_empty_text(x) if not is_numeric,
        'value_count': has_value,
        'zero_count': x ~ ' = 0' if is_numeric,
        'default_count': x ~ ' = ' ~ default if default_value is not none,
        'outside_reference_count': has_value ~ is_outside if reference and is_numeric,
        'unknown_count': has_value ~ ' and reference_values.value is null' if reference,
    } -%}
with

{% if reference -%}
reference_values as (

    select distinct {{ known_column if is_numeric else 'cast(' ~ known_column ~ ' as ' ~ text ~ ')' }} as value
    from {{ ml_monitor.aliased(reference, 'reference_rows') }}

),

reference_range as (

    select count(value) as reference_count, min({{ finite }}) as lowest, max({{ finite }}) as highest
    from reference_values

),

{% endif -%}
value_counts as (

    select {{ groups.inputs }}{{ counted_value }} as value, count(*) as value_rows
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    group by {{ (ml_monitor.group_columns(group_by) + [counted_value]) | join(', ') }}

),

counted as (

    select
        {{ groups.columns }}cast(coalesce(sum(c.value_rows), 0) as bigint) as row_count
        {{- ml_monitor.condition_counts(counts, 'c.value_rows') }},
        cast(coalesce(max(case when {{ has_value }} then c.value_rows end), 0) as bigint) as top_value_count,
        count(case when {{ has_value }} then 1 end) as distinct_count,
        {{ 'coalesce(max(reference_range.reference_count), 0)' if reference else 0 }} as reference_count,
        {{ 'max(reference_range.lowest)' if reference and is_numeric else 'null' }} as reference_lowest
    from value_counts as c
    {%- if reference %}
    left join reference_values on c.value = reference_values.value
    cross join reference_range
    {%- endif %}
    {{- groups.by }}

),

{% set share = {
    'outside_reference': ml_monitor.ratio('outside_reference_count', 'value_count'),
    'unknown': ml_monitor.ratio('unknown_count', 'value_count'),
} -%}
{%- for name in ['nan', 'empty', 'zero', 'default'] -%}
    {%- do share.update({name: 'case when null_count < row_count then ' ~ ml_monitor.float64(name ~ '_count') ~ ' / row_count end'}) -%}
{%- endfor -%}
{{ ml_monitor.final_measures('counted', group_by, [
    'row_count', 'null_count', 'nan_count', 'empty_count',
    ['missing_count', 'row_count - value_count'],
    'value_count', 'zero_count', 'default_count', 'top_value_count', 'outside_reference_count', 'unknown_count',
    ['distinct_count', 'case when value_count > 0 then distinct_count end'],
    ['null_rate', 'null_count', 'row_count'],
    ['missing_rate', '(row_count - value_count)', 'row_count'],
    ['nan_rate', share.nan], ['empty_rate', share.empty], ['zero_rate', share.zero], ['default_rate', share.default],
    ['nonzero_rate', share.zero | replace('zero_count', 'value_count - zero_count')],
    ['top_value_share', 'top_value_count', 'value_count'],
    ['outside_reference_share', 'case when reference_lowest is not null then ' ~ share.outside_reference ~ ' end'],
    ['unknown_share', 'case when reference_count > 0 then ' ~ share.unknown ~ ' end'],
]) }}
{%- endmacro %}

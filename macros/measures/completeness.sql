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
    {%- set groups = ml_monitor.group_columns(group_by) -%}
    {%- set x = ml_monitor.float64('c.value') if is_numeric else 'c.value' -%}
    {%- set has_value = x ~ ' <> ' ~ ml_monitor.float64("'NaN'") if is_numeric else 'not ' ~ ml_monitor.is_empty_text(x) -%}
    {%- set counts = {'null_count': 'c.value is null', 'value_count': has_value} -%}
    {%- if is_numeric -%}
        {%- do counts.update({'nan_count': ml_monitor.is_nan(x), 'zero_count': x ~ ' = 0'}) -%}
    {%- else -%}
        {%- do counts.update({'empty_count': ml_monitor.is_empty_text(x)}) -%}
    {%- endif -%}
    {%- if default_value is not none -%}
        {%- do counts.update({'default_count': x ~ ' = ' ~ (ml_monitor.float64(default_value) if is_numeric else ml_monitor.string_literal(default_value))}) -%}
    {%- endif -%}
    {%- if reference -%}
        {%- do counts.update({'unknown_count': has_value ~ ' and reference_values.value is null'}) -%}
        {%- if is_numeric -%}
            {%- do counts.update({'outside_reference_count': has_value ~ ' and (' ~ x ~ ' < reference_range.lowest or ' ~ x ~ ' > reference_range.highest)'}) -%}
        {%- endif -%}
    {%- endif -%}
with

{% if reference -%}
reference_values as (

    select distinct {{ ml_monitor.counted_value(reference_column or column, kind) }} as value
    from {{ ml_monitor.aliased(reference, 'reference_rows') }}

),

reference_range as (

    select
        count(value) as reference_count,
        {%- if is_numeric %}
        {%- set finite = 'case when ' ~ ml_monitor.float64('value') ~ ' between -1e100 and 1e100 then ' ~ ml_monitor.float64('value') ~ ' end' %}
        min({{ finite }}) as lowest,
        max({{ finite }}) as highest
        {%- else %}
        min(value) as lowest,
        max(value) as highest
        {%- endif %}
    from reference_values

),

{% endif -%}
value_counts as (

    select
        {%- for group in groups %}
        {{ group }} as group_{{ loop.index }},
        {%- endfor %}
        {{ ml_monitor.counted_value(column, kind) }} as value,
        count(*) as value_rows
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    group by {{ (groups + [ml_monitor.counted_value(column, kind)]) | join(', ') }}

),

counted as (

    select
        {%- for group in groups %}
        c.group_{{ loop.index }},
        {%- endfor %}
        cast(coalesce(sum(c.value_rows), 0) as bigint) as row_count,
        {%- for name in ['null_count', 'nan_count', 'empty_count', 'value_count', 'zero_count', 'default_count', 'outside_reference_count', 'unknown_count'] %}
        {%- if name in counts %}
        cast(coalesce(sum(case when {{ counts[name] }} then c.value_rows end), 0) as bigint) as {{ name }},
        {%- else %}
        cast(null as bigint) as {{ name }},
        {%- endif %}
        {%- endfor %}
        cast(coalesce(max(case when {{ has_value }} then c.value_rows end), 0) as bigint) as top_value_count,
        count(case when {{ has_value }} then 1 end) as distinct_count,
        {%- if reference %}
        coalesce(max(reference_range.reference_count), 0) as reference_count,
        {{ 'max(reference_range.lowest)' if is_numeric else 'null' }} as reference_lowest
        {%- else %}
        0 as reference_count,
        null as reference_lowest
        {%- endif %}
    from value_counts as c
    {%- if reference %}
    left join reference_values on c.value = reference_values.value
    cross join reference_range
    {%- endif %}
    {%- if groups %}
    group by c.{{ ml_monitor.group_aliases(groups) | join(', c.') }}
    {%- endif %}

),

final as (

    select
        {%- for group in groups %}
        group_{{ loop.index }} as {{ group }},
        {%- endfor %}
        row_count,
        null_count,
        nan_count,
        empty_count,
        row_count - value_count as missing_count,
        value_count,
        zero_count,
        default_count,
        top_value_count,
        outside_reference_count,
        unknown_count,
        case when value_count > 0 then distinct_count end as distinct_count,
        {{ ml_monitor.ratio('null_count', 'row_count') }} as null_rate,
        {{ ml_monitor.ratio('(row_count - value_count)', 'row_count') }} as missing_rate,
        {%- for name in ['nan', 'empty', 'zero', 'default'] %}
        case when null_count < row_count then {{ ml_monitor.float64(name ~ '_count') }} / row_count end as {{ name }}_rate,
        {%- endfor %}
        case when null_count < row_count then {{ ml_monitor.float64('value_count - zero_count') }} / row_count end as nonzero_rate,
        {{ ml_monitor.ratio('top_value_count', 'value_count') }} as top_value_share,
        case when reference_lowest is not null then {{ ml_monitor.ratio('outside_reference_count', 'value_count') }} end as outside_reference_share,
        case when reference_count > 0 then {{ ml_monitor.ratio('unknown_count', 'value_count') }} end as unknown_share
    from counted

)

select * from final
{%- endmacro %}


{#- What is counted of a column: its values as they are, or as texts. Arguments: column (SQL name), kind. Returns: SQL. -#}
{% macro counted_value(column, kind) %}
    {%- do return(column if kind == 'numeric' else 'cast(' ~ column ~ ' as ' ~ ml_monitor.text_type() ~ ')') -%}
{% endmacro %}

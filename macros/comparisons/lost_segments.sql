{#-
  Values of a column that a reference has and a relation lacks, exact on raw rows; needs no pipeline. NULL is not a value.

  Arguments: relation, reference (relation or `(select ...)`), column (SQL name), reference_column (SQL name, default the same),
    min_expected (number: a value with fewer expected rows may be absent by chance), group_by (list of SQL names that both relations have).
  Returns: a select of one row, or one for each group of either side; none if both are empty:
    row_count, reference_rows   rows with a value
    judged_values               values with at least min_expected expected rows: rows in the reference / reference_rows * row_count
    lost_values                 judged values without any row; NULL if no value is judged
    lost_share                  expected rows of the lost values / row_count
    lost_list                   up to five lost values, most expected rows first, as text
-#}
{% macro lost_segments(relation, reference, column, reference_column=none, min_expected=20, group_by=none) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
with

both_sides as (

    select {{ groups.inputs }}cast({{ column }} as {{ text }}) as segment_value, 1 as row_count, 0 as reference_rows
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    union all
    select {{ groups.inputs }}cast({{ reference_column or column }} as {{ text }}) as segment_value, 0 as row_count, 1 as reference_rows
    from {{ ml_monitor.aliased(reference, 'reference_rows') }}

),

counts as (

    select
        {{ groups.columns }}segment_value,
        case when segment_value is null then 0 else sum(row_count) end as row_count,
        case when segment_value is null then 0 else sum(reference_rows) end as reference_rows
    from both_sides
    {{- groups.by }}, segment_value

),

totals as (

    select {{ groups.columns }}sum(row_count) as row_count, sum(reference_rows) as reference_rows
    from counts
    {{- groups.by }}

),

expected as (

    select
        {{ groups.columns | replace('group_', 'c.group_') }}c.segment_value,
        case when c.row_count = 0 then 1 else 0 end as is_lost,
        {{ ml_monitor.float64('c.reference_rows') }} * t.row_count / t.reference_rows as expected_rows
    from counts as c
    inner join totals as t on {{ ml_monitor.same_group('c', 't', groups.names) }}
    where t.reference_rows > 0 and c.reference_rows > 0

),

judged as (

    select
        expected.*,
        row_number() over (
            partition by {{ groups.names | join(', ') }}
            order by is_lost desc, expected_rows desc, segment_value
        ) as lost_rank
    from expected
    where expected_rows >= {{ min_expected }}

),

lost as (

    select
        {{ groups.columns }}count(*) as judged_values,
        sum(is_lost) as lost_values,
        sum(case when is_lost = 1 then expected_rows else 0 end) as lost_rows,
        {% for rank in range(1, 6) -%}
        {%- set value = ("', ' || " if rank > 1 else '') ~ 'substr(segment_value, 1, 100)' -%}
        {{ '|| ' if rank > 1 }}coalesce(max(case when is_lost = 1 and lost_rank = {{ rank }} then {{ value }} end), '')
        {% endfor -%}
        as lost_list
    from judged
    {{- groups.by }}

),

{{ ml_monitor.final_measures(
    'totals as t\n    left join lost as l on ' ~ ml_monitor.same_group('t', 'l', groups.names),
    group_by,
    [
        't.row_count', 't.reference_rows', ['judged_values', 'coalesce(l.judged_values, 0)'], 'l.lost_values',
        ['lost_share', 'l.lost_rows', 't.row_count'], 'l.lost_list',
    ],
    alias='t'
) }}
{%- endmacro %}

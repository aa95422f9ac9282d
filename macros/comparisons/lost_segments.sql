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
    {%- set reference_column = reference_column or column -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set keys = ml_monitor.group_keys(group_by) | join(', ') -%}
with

both_sides as (

    select {{ ml_monitor.group_inputs(group_by) }}, cast({{ column }} as {{ text }}) as segment_value, 1 as row_count, 0 as reference_rows
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    union all
    select {{ ml_monitor.group_inputs(group_by) }}, cast({{ reference_column }} as {{ text }}) as segment_value, 0 as row_count, 1 as reference_rows
    from {{ ml_monitor.aliased(reference, 'reference_rows') }}

),

counts as (

    select
        {{ keys }},
        segment_value,
        case when segment_value is null then 0 else sum(row_count) end as row_count,
        case when segment_value is null then 0 else sum(reference_rows) end as reference_rows
    from both_sides
    group by {{ keys }}, segment_value

),

totals as (

    select {{ keys }}, sum(row_count) as row_count, sum(reference_rows) as reference_rows
    from counts
    group by {{ keys }}

),

expected as (

    select
        {% for key in ml_monitor.group_keys(group_by) %}c.{{ key }}, {% endfor -%}
        c.segment_value,
        c.row_count,
        {{ ml_monitor.float64('c.reference_rows') }} * t.row_count / t.reference_rows as expected_rows
    from counts as c
    inner join totals as t on {{ ml_monitor.same_group('c', 't', ml_monitor.group_aliases(group_by)) }}
    where t.reference_rows > 0 and c.reference_rows > 0

),

judged as (

    select
        expected.*,
        row_number() over (partition by {{ keys }} order by case when row_count = 0 then 0 else 1 end, expected_rows desc, segment_value) as lost_rank
    from expected
    where expected_rows >= {{ min_expected }}

),

lost as (

    select
        {{ keys }},
        count(*) as judged_values,
        sum(case when row_count = 0 then 1 else 0 end) as lost_values,
        sum(case when row_count = 0 then expected_rows else 0 end) as lost_rows,
        {% for k in range(1, 6) -%}
        coalesce(max(case when row_count = 0 and lost_rank = {{ k }} then {{ "', ' || " if k > 1 }}substr(segment_value, 1, 100) end), ''){{ ' || ' if not loop.last else ' as lost_list' }}
        {% endfor %}
    from judged
    group by {{ keys }}

),

final as (

    select
        {{ ml_monitor.group_outputs(group_by, 't') }}t.row_count,
        t.reference_rows,
        coalesce(l.judged_values, 0) as judged_values,
        l.lost_values,
        {{ ml_monitor.ratio('l.lost_rows', 't.row_count') }} as lost_share,
        l.lost_list
    from totals as t
    left join lost as l on {{ ml_monitor.same_group('t', 'l', ml_monitor.group_aliases(group_by)) }}

)

select * from final
{%- endmacro %}

{#-
  Rows of a relation per hour or day against a declared source of truth, exact on raw rows; needs no pipeline. Compared are the
  complete windows before as_of from the first to the last window of the source of truth, and every window between them.

  Arguments: relation, to (relation or `(select ...)`), time_column (SQL name, UTC timestamp), to_time_column (SQL name, default the same),
    count_column (SQL name in `to`; default: its rows are counted), grain (`hour` or `day`), to_where (SQL condition on the rows of `to`,
    to match a `where` on the relation), group_by (list of SQL names that both relations have).
  Returns: a select of one row, or one for each group of either side; none if both are empty:
    row_count, expected_rows    rows of the relation and of the source of truth in the compared windows
    compared_windows, unequal_windows
    missing_rows, surplus_rows  summed over windows, so that one does not make up for the other
    missing_share, surplus_share   of expected_rows; NULL if those are 0
    worst_window                the first of the windows with the largest difference
  Raises: an unknown grain.
-#}
{% macro reconciliation(
    relation, to, time_column, to_time_column=none, count_column=none, grain='hour', to_where=none, group_by=none
) %}
    {%- set to_time_column = to_time_column or time_column -%}
    {%- do ml_monitor.check_grain('reconciliation', grain) -%}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
    {%- set end = ml_monitor.truncate(grain, ml_monitor.as_of()) -%}
with

truth as (

    select
        {{ groups.inputs }}{{ ml_monitor.truncate(grain, to_time_column) }} as window_start,
        {{ 'coalesce(' ~ count_column ~ ', 0)' if count_column else 1 }} as expected_rows
    from {{ ml_monitor.aliased(to, 'truth_rows') }}
    where {{ to_time_column }} < {{ end }}{{ ' and (' ~ to_where ~ ')' if to_where }}

),

own_rows as (

    select {{ groups.inputs }}{{ ml_monitor.truncate(grain, time_column) }} as window_start
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

both_sides as (

    select {{ groups.columns }}window_start, expected_rows, 0 as row_count from truth
    union all
    select {{ groups.columns }}window_start, 0 as expected_rows, 1 as row_count
    from own_rows
    inner join (select min(window_start) as first_window, max(window_start) as last_window from truth) as compared_range
        on own_rows.window_start between compared_range.first_window and compared_range.last_window

),

compared as (

    select {{ groups.columns }}window_start, sum(expected_rows) as expected_rows, sum(row_count) as row_count
    from both_sides
    {{- groups.by }}, window_start

),

ranked as (

    select
        compared.*,
        row_number() over (
            partition by {{ groups.names | join(', ') }}
            order by abs(row_count - expected_rows) desc, window_start
        ) as difference_rank
    from compared

),

sums as (

    select
        {{ groups.columns }}sum(row_count) as row_count,
        sum(expected_rows) as expected_rows,
        count(*) as compared_windows,
        sum(case when row_count <> expected_rows then 1 else 0 end) as unequal_windows,
        sum({{ ml_monitor.greatest_of(['expected_rows - row_count', 0]) }}) as missing_rows,
        sum({{ ml_monitor.greatest_of(['row_count - expected_rows', 0]) }}) as surplus_rows,
        max(case when difference_rank = 1 then window_start end) as worst_window
    from ranked
    {{- groups.by }}

),

{{ ml_monitor.final_measures('sums', group_by, [
    'row_count', 'expected_rows', 'compared_windows', 'unequal_windows', 'missing_rows', 'surplus_rows',
    ['missing_share', 'missing_rows', 'expected_rows'],
    ['surplus_share', 'surplus_rows', 'expected_rows'],
    'worst_window',
]) }}
{%- endmacro %}

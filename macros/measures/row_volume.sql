{#-
  Rows of the newest complete hours or days against the same hour of the week in earlier weeks, exact on raw rows; needs no pipeline.

  Arguments: relation (relation or `(select ...)`), event_time (SQL name, UTC timestamp), grain (`hour` or `day`), weeks (int, 1 or more:
    earlier weeks in the mean), lookback (int: complete windows judged; default 24 hours or 1 day), time_zone (string: the hour of the
    week and the day are local there), min_expected (number: a window with fewer expected rows is not judged), group_by (list of SQL names).
  Returns: a select of one row, or one for each group; none if there are no rows:
    row_count            rows with an event up to as_of
    judged_windows       windows with at least min_expected expected rows
    expected_rows        the most rows expected in one window; NULL if no window has an earlier week
    row_ratio_low, row_ratio_high   the lowest and highest rows / expected rows of the judged windows
    missing_windows      judged windows without rows
    low_window, high_window         start of the first window with that ratio, local for days, UTC for hours
  Expected rows are the mean over the earlier weeks that lie after the first window with rows; a window without rows counts as 0 there.
  A local hour that daylight saving doubles or skips is compared with the hours that exist.
  Raises: an unknown grain.
-#}
{% macro row_volume(
    relation, event_time, grain='hour', weeks=4, lookback=none, time_zone='UTC', min_expected=20, group_by=none
) %}
    {%- do ml_monitor.check_grain('row_volume', grain) -%}
    {%- if weeks is not number or weeks < 1 -%}
        {%- do exceptions.raise_compiler_error("ml_monitor.row_volume: weeks is '" ~ weeks ~ "'; allowed: 1 or more. Write weeks: 4") -%}
    {%- endif -%}
    {%- set lookback = lookback or (24 if grain == 'hour' else 1) -%}
    {%- set as_of = ml_monitor.as_of() -%}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
    {#- Days are local days; hours are hours of UTC, which have a local name. -#}
    {%- set has_local_days = time_zone != 'UTC' and grain == 'day' -%}
    {%- set event_in_zone = ml_monitor.local_time(event_time, time_zone) if has_local_days else event_time -%}
    {%- set as_of_in_zone = ml_monitor.local_time(as_of, time_zone) if has_local_days else as_of -%}
    {%- set has_local_hours = time_zone != 'UTC' and grain == 'hour' -%}
    {%- set local_start = ml_monitor.local_time('window_start', time_zone) if has_local_hours else 'window_start' -%}
    {%- set start = ml_monitor.date_add(grain, '-1 * number', ml_monitor.truncate(grain, as_of_in_zone)) -%}
    {%- set window_count = (168 if grain == 'hour' else 7) * weeks + lookback + 2 -%}
with

counts as (

    select {{ groups.columns }}window_start, count(*) as row_count
    from (
        select
            {{ groups.inputs }}case
                when {{ event_time }} <= {{ as_of }} then {{ ml_monitor.truncate(grain, event_in_zone) }}
            end as window_start
        from {{ ml_monitor.aliased(relation, 'all_rows') }}
    ) as events
    {{- groups.by }}, window_start

),

group_counts as (

    select
        {{ groups.columns }}sum(case when window_start is not null then row_count else 0 end) as row_count,
        min(window_start) as first_window
    from counts
    {{- groups.by }}

),

numbers as (

    select cast(generated_number as int) as number
    from (
        {{ ml_monitor.numbers_to(window_count) | indent(8) }}
    ) as generated

),

windows as (

    select number, window_start, {{ local_start }} as local_start
    from (
        select number, cast({{ start }} as timestamp) as window_start
        from numbers
    ) as started

),

earlier_windows as (

    select judged.window_start, earlier.window_start as earlier_start
    from windows as judged
    inner join numbers as weeks on weeks.number <= {{ weeks }}
    inner join windows as earlier
        on earlier.local_start = {{ ml_monitor.date_add('day', '-7 * weeks.number', 'judged.local_start') }}
    where judged.number <= {{ lookback }}

),

-- The first window of a table is seldom a whole one.
expected as (

    select
        {{ groups.columns | replace('group_', 'g.group_') }}w.window_start,
        {{ ml_monitor.float64('sum(coalesce(c.row_count, 0))') }} / count(*) as expected_rows
    from group_counts as g
    inner join earlier_windows as w on w.earlier_start > g.first_window
    left join counts as c on c.window_start = w.earlier_start and {{ ml_monitor.same_group('c', 'g', groups.names) }}
    {{- groups.by | replace('group_', 'g.group_') }}, w.window_start

),

compared as (

    select
        e.*,
        case
            when e.expected_rows >= {{ min_expected }} and e.expected_rows > 0 then coalesce(c.row_count, 0) / e.expected_rows
        end as row_ratio
    from expected as e
    left join counts as c on c.window_start = e.window_start and {{ ml_monitor.same_group('c', 'e', groups.names) }}

),

extremes as (

    select
        {{ groups.columns }}count(row_ratio) as judged_windows,
        max(expected_rows) as expected_rows,
        min(row_ratio) as row_ratio_low,
        max(row_ratio) as row_ratio_high,
        sum(case when row_ratio = 0 then 1 when row_ratio > 0 then 0 end) as missing_windows,
        min(case when row_ratio = lowest then window_start end) as low_window,
        min(case when row_ratio = highest then window_start end) as high_window
    from (
        select
            compared.*,
            min(row_ratio) over (partition by {{ groups.names | join(', ') }}) as lowest,
            max(row_ratio) over (partition by {{ groups.names | join(', ') }}) as highest
        from compared
    ) as ranged
    {{- groups.by }}

),

{{ ml_monitor.final_measures(
    'group_counts as g\n    left join extremes as x on ' ~ ml_monitor.same_group('g', 'x', groups.names),
    group_by,
    [
        'g.row_count', ['judged_windows', 'coalesce(x.judged_windows, 0)'], 'x.expected_rows', 'x.row_ratio_low', 'x.row_ratio_high',
        'x.missing_windows', 'x.low_window', 'x.high_window',
    ],
    alias='g'
) }}
{%- endmacro %}

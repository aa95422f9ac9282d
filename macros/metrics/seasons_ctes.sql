{#-
  The rows of the same hour of the up to four weeks before, not from before an expected change: CTEs for volume_select, after periods and
  spine.

  Arguments: time_zone (string: IANA, of the declaration), grains (list of strings), few (int: rows from which an hour without any is
    missing).
  CTEs: seasons (window_grain, window_start, seasonal_weeks, seasonal_expected_rows, missing_hours)
-#}
{% macro seasons_ctes(time_zone, grains, few) -%}
-- Hours of the clock since the first row: where summer time begins one is missing, and where it ends two share one, as their mean.
clock_hours as (

    select
        {{ ml_monitor.local_hour('spine.hour', time_zone) }} as local_hour,
        periods.baseline_since,
        avg({{ ml_monitor.float64('spine.row_count') }}) as row_count
    from spine
    inner join periods on spine.hour >= periods.period_start and spine.hour < periods.period_end
    where spine.hour >= (select min(hour) from rollup_hours where row_count > 0)
    group by {{ ml_monitor.local_hour('spine.hour', time_zone) }}, periods.baseline_since

),

seasonal_hours as (

    select spine.hour, spine.row_count, count(earlier.row_count) as seasonal_weeks, avg(earlier.row_count) as seasonal_expected_rows
    from spine
    inner join periods on spine.hour >= periods.period_start and spine.hour < periods.period_end
    left join (
        select
            {{ ml_monitor.add_hours('clock_hours.local_hour', '168 * weeks.week') }} as local_hour,
            clock_hours.baseline_since,
            clock_hours.row_count
        from clock_hours
        cross join (select 1 as week union all select 2 union all select 3 union all select 4) as weeks
    ) as earlier
        on
            {{ ml_monitor.local_hour('spine.hour', time_zone) }} = earlier.local_hour
            and periods.baseline_since = earlier.baseline_since
    group by spine.hour, spine.row_count

),

seasons as (

    select
        grains.window_grain,
        {{ ml_monitor.grain_start('h.hour', grains) }} as window_start,
        min(h.seasonal_weeks) as seasonal_weeks,
        sum(h.seasonal_expected_rows) as seasonal_expected_rows,
        sum(case when h.seasonal_weeks >= 3 and h.seasonal_expected_rows >= {{ few }} and h.row_count = 0 then 1 else 0 end)
            as missing_hours
    from seasonal_hours as h
    cross join {{ ml_monitor.grains(grains) }} as grains
    group by grains.window_grain, {{ ml_monitor.grain_start('h.hour', grains) }}

),
{%- endmacro %}

{#-
  The group `volume` of <m>__window_metrics: how many rows each hour and day brought, what became of them, and whether all of them are
  accounted for.

  Expected rows are the mean of the serving baseline, after an expected change of the one that it began: for a day over its days, for an
  hour over the same local hour of them. Seasonal expected rows are the mean of the same local hour (or weekday) of the up to four weeks
  before, if there are three; totals only.

  Arguments: spec (dict of monitor_spec).
  Returns: CTEs ending in `volume_windows`, the windows to write, with day_count (of the baseline) and
  baseline_state. Columns: volume_columns; counts are rows, rates are shares of
  logged_rows (error_rate of current_rows), with 99.9 % Wilson bounds. missing_hours are hours without rows that bring 20 or more in the
  season; lost segments are values without rows that bring 20 or more a day in the baseline. unreconciled_rows is |rows ingested in the
  window in staging - in
  the log|, 0 when nothing was lost or invented.
-#}
{% macro volume_windows(spec) -%}
    {%- set rollup = ref(spec.name ~ '__hourly_volume') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set is_group = "built.metric_group = 'volume'" -%}
{{ ml_monitor.baseline_periods(spec.name, ['volume', 'freshness'], 'periods') }}

baseline_days as (

    select periods.baseline_since, days.window_start
    from {{ ml_monitor.aliased(ref(spec.name ~ '__baseline_windows'), 'days') }}
    inner join periods on days.baseline_since = periods.baseline_since and days.window_start < periods.period_end
    where days.is_baseline and days.model_version = '__all__'

),

-- Expected rows come from the baseline, and seasons begin with the first row: a change of either changes every window of the period.
baseline_state as (

    select
        made.*
        {%- if ml_monitor.is_incremental() %},
        (
            select count(*)
            from {{ this }} as built
            where
                {{ is_group }}
                and built.window_start >= made.period_start
                and built.window_start < made.period_end
                and built.baseline_state <> made.baseline_state
        ) as outdated_rows
        {%- endif %}
    from (
        select
            periods.baseline_since,
            periods.period_start,
            periods.period_end,
            count(distinct baseline_days.window_start) as day_count,
            cast(count(baseline_days.window_start) as {{ text }})
            || ' days to ' || coalesce(cast(max(baseline_days.window_start) as {{ text }}), 'none')
            || ', batch ' || coalesce(cast(max(h.ml_batch) as {{ text }}), 'none')
            || ', rows from ' || coalesce((select cast(min(hour) as {{ text }}) from rollup_hours where row_count > 0), 'none')
                as baseline_state
        from periods
        left join baseline_days on periods.baseline_since = baseline_days.baseline_since
        left join rollup_hours as h on {{ ml_monitor.truncate('day', 'h.hour') }} = baseline_days.window_start
        group by periods.baseline_since, periods.period_start, periods.period_end
    ) as made

),

{% if ml_monitor.is_incremental() -%}
-- Days that have a rebuilt hour in their season; an hour more or less where summer time began or ended between.
later_days as (

    select distinct {{ ml_monitor.truncate('day', ml_monitor.add_hours('rollup_hours.hour', 'shifts.hours')) }} as day
    from rollup_hours
    cross join (
        {%- for week in range(1, 5) %}{%- for change in [-1, 0, 1] %}
        select {{ 168 * week + change }} as hours{{ ' union all' if not (week == 4 and change == 1) }}
        {%- endfor %}{%- endfor %}
    ) as shifts
    where rollup_hours.ml_batch > (select coalesce(max(built.ml_batch), 0) from {{ this }} as built where {{ is_group }})

),

-- Days whose raw rows became fewer or more without a row that the log could take: its batch does not say so.
lost_days as (

    select {{ ml_monitor.truncate('day', 'counted.window_start') }} as day
    from {{ ml_monitor.aliased(rollup, 'counted') }}
    inner join {{ this }} as built on counted.window_start = built.window_start
    where
        counted.model_version = '__all__'
        and counted.segment_name = '__all__'
        and {{ is_group }}
        and built.window_grain = 'hour'
        and built.segment_name = '__all__'
        and counted.raw_ingested_rows <> built.raw_ingested_rows

),

{% endif -%}
volume_windows as (

    select
        windows.window_grain, windows.window_start, windows.window_end,
        baseline_state.baseline_since, baseline_state.day_count, baseline_state.baseline_state
    from windows
    inner join baseline_state
        on windows.window_start >= baseline_state.period_start and windows.window_start < baseline_state.period_end
    {%- if ml_monitor.is_incremental() %}
    where
        {{ ml_monitor.is_touched(ml_monitor.declaration_hash(spec, 'volume'), is_group) | indent(8) }}
        or {{ ml_monitor.truncate('day', 'windows.window_start') }} in (select day from later_days union all select day from lost_days)
        or baseline_state.outdated_rows > 0
    {%- endif %}

),
{%- endmacro %}

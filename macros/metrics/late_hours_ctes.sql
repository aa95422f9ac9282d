{#-
  How long the source has been silent, against the rhythm of the baseline: CTEs for volume_select, after periods, baseline_days and spine.

  Arguments: time_zone (string: IANA, of the declaration).
  CTEs: late_hours (hour, late_hours): hours without rows up to the end of the hour, less the longest such stretch that ended at the same
    hour of the week, or an hour before or after it, in the baseline; not below 0. No row where the baseline has no such hour.
-#}
{% macro late_hours_ctes(time_zone) -%}
{%- set monday = ml_monitor.timestamp_literal('2001-01-01 00:00:00') -%}
{%- set minutes = ml_monitor.minutes_between(monday, ml_monitor.local_hour('spine.hour', time_zone)) -%}
{%- set local_hours = 'cast(' ~ minutes ~ ' / 60 as bigint)' -%}
silent_hours as (

    select
        spine.hour,
        periods.baseline_since,
        {{ ml_monitor.modulo(local_hours, 168) }} as hour_of_week,
        cast({{ ml_monitor.minutes_between('spine.newest_row_hour', 'spine.hour') }} / 60 as int) as silent_hours
    from spine
    inner join periods on spine.hour >= periods.period_start and spine.hour < periods.period_end
    where spine.newest_row_hour is not null

),

-- Each hour of the week with the hour before and the hour after it.
usual_silence as (

    select
        baseline_days.baseline_since,
        {{ ml_monitor.modulo('silent_hours.hour_of_week + shifts.hours + 168', 168) }} as hour_of_week,
        max(silent_hours.silent_hours) as silent_hours
    from silent_hours
    inner join baseline_days on {{ ml_monitor.truncate('day', 'silent_hours.hour') }} = baseline_days.window_start
    cross join (select -1 as hours union all select 0 union all select 1) as shifts
    group by baseline_days.baseline_since, {{ ml_monitor.modulo('silent_hours.hour_of_week + shifts.hours + 168', 168) }}

),

late_hours as (

    select
        silent_hours.hour,
        {{ ml_monitor.greatest_of([0, 'silent_hours.silent_hours - usual_silence.silent_hours']) }} as late_hours
    from silent_hours
    inner join usual_silence
        on silent_hours.hour_of_week = usual_silence.hour_of_week and silent_hours.baseline_since = usual_silence.baseline_since

),
{%- endmacro %}

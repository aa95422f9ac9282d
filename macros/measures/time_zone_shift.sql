{#-
  Whether event times are whole hours or half-hours away from ingest times, as when a local time is taken for UTC; exact on raw
  rows, needs no pipeline.

  Arguments: relation (relation or `(select ...)`), event_time, ingest_time (SQL names, timestamps), usual_lag_minutes (number: ingest less
    event when all is well), tolerance_minutes (number), group_by (list of SQL names).
  Returns: a select of one row, or one for each group; none if there are no rows:
    row_count            rows with both times
    median_lag_minutes   median of ingest less event
    shift_hours          how far event times are off, in steps of half an hour; 0 if the median lag is less than one hour away from
                         the usual one, or not within the tolerance of a multiple of 30 minutes
    shift_side           `ahead of` or `behind`: event times as seen from ingest
-#}
{% macro time_zone_shift(relation, event_time, ingest_time, usual_lag_minutes=0, tolerance_minutes=5, group_by=none) %}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
with

lags as (

    select {{ groups.inputs }}{{ ml_monitor.minutes_between(event_time, ingest_time) }} as lag_minutes
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

medians as (

    select
        {{ groups.columns }}count(lag_minutes) as row_count,
        {{ ml_monitor.quantile(0.5, 'lag_minutes') }} as median_lag_minutes
    from lags
    {{- groups.by }}

),

steps as (

    select
        medians.*,
        median_lag_minutes - {{ usual_lag_minutes }} as moved_minutes,
        30 * {{ ml_monitor.half_hours('median_lag_minutes - ' ~ usual_lag_minutes) }} as step_minutes
    from medians

),

{% set is_shift = 'abs(step_minutes) >= 60 and abs(moved_minutes - step_minutes) <= ' ~ tolerance_minutes -%}
{% set hours = 'abs(step_minutes) / ' ~ ml_monitor.float64(60) -%}
{{ ml_monitor.final_measures('steps', group_by, [
    'row_count', 'median_lag_minutes',
    ['shift_hours', 'case when ' ~ is_shift ~ ' then ' ~ hours ~ ' when step_minutes is not null then 0 end'],
    ['shift_side', "case when step_minutes < 0 then 'ahead of' else 'behind' end"],
]) }}
{%- endmacro %}

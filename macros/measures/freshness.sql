{#-
  How old and how complete in time a relation is, exact on raw rows; needs no pipeline.

  Arguments: relation (relation or `(select ...)`), event_time (SQL name, UTC timestamp), ingest_time (SQL name, optional),
    late_after_minutes (number, default 60), group_by (list of SQL names, optional).
  Returns: a select of one row, or one for each group with its columns:
    row_count
    event_age_minutes, ingest_age_minutes   from the newest event and ingest to as_of (never below 0)
    ingest_lag_p95_minutes                  95th percentile of ingest less event
    late_share                              share of rows with a lag above late_after_minutes
    longest_gap_hours                       longest run of whole hours without events, up to as_of
    Without ingest_time, or any value in it, the three that need it are NULL.
-#}
{% macro freshness(relation, event_time, ingest_time=none, late_after_minutes=60, group_by=none) %}
    {%- set as_of = ml_monitor.as_of() -%}
    {%- set groups = ml_monitor.groups(group_by) -%}
    {%- set own_rows = ml_monitor.aliased(relation, 'all_rows') -%}
    {%- set of_group = 'partition by ' ~ groups.names | join(', ') ~ ' ' if groups.names else '' -%}
    {%- set last_hour = 'lag(hour) over (' ~ of_group ~ 'order by hour)' -%}
    {%- set ages = {} -%}
    {%- for time in [event_time, ingest_time] if time -%}
        {#- greatest leaves out NULL: without the count a column of nothing would have age 0. -#}
        {%- set age = ml_monitor.greatest_of([0, ml_monitor.minutes_between('max(' ~ time ~ ')', as_of)]) -%}
        {%- do ages.update({time: 'case when count(' ~ time ~ ') > 0 then ' ~ age ~ ' end'}) -%}
    {%- endfor -%}
with

event_hours as (

    select {{ groups.inputs }}{{ ml_monitor.truncate('hour', event_time) }} as hour
    from {{ own_rows }}
    where {{ event_time }} <= {{ as_of }}
    union
    select {{ groups.inputs }}{{ ml_monitor.truncate('hour', as_of) }} as hour
    {{ 'from ' ~ own_rows if groups.names }}

),

longest_gaps as (

    select {{ groups.columns }}max(gap_hours) as gap_hours
    from (
        select {{ groups.columns }}{{ ml_monitor.minutes_between(last_hour, 'hour') }} / 60 - 1 as gap_hours
        from event_hours
    ) as gaps
    {{- groups.by }}

),

ages as (

    select
        {{ groups.inputs }}count(*) as row_count,
        {{ ages[event_time] }} as event_age_minutes,
        {%- if ingest_time %}
        {%- set lag = ml_monitor.minutes_between(event_time, ingest_time) %}
        {{ ages[ingest_time] }} as ingest_age_minutes,
        {{ ml_monitor.quantile(0.95, lag) }} as ingest_lag_p95_minutes,
        case
            when count({{ lag }}) > 0
                then {{ ml_monitor.float64('sum(case when ' ~ lag ~ ' > ' ~ late_after_minutes ~ ' then 1 else 0 end)') }} / count(*)
        end as late_share
        {%- else %}
        {{ ml_monitor.float64('null') }} as ingest_age_minutes,
        {{ ml_monitor.float64('null') }} as ingest_lag_p95_minutes,
        {{ ml_monitor.float64('null') }} as late_share
        {%- endif %}
    from {{ own_rows }}
    {{- groups.by_inputs }}

),

{{ ml_monitor.final_measures(
    'ages\n    inner join longest_gaps on ' ~ ml_monitor.same_group('ages', 'longest_gaps', groups.names),
    group_by,
    [
        'row_count', 'event_age_minutes', 'ingest_age_minutes', 'ingest_lag_p95_minutes', 'late_share',
        ['longest_gap_hours', 'case when event_age_minutes is not null then gap_hours end'],
    ],
    alias='ages'
) }}
{%- endmacro %}

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
    {%- set groups = ml_monitor.group_columns(group_by) -%}
    {%- set names = ml_monitor.group_aliases(groups) -%}
    {%- set partition = 'partition by ' ~ names | join(', ') ~ ' ' if groups else '' -%}
    {%- set lag = ml_monitor.minutes_between(event_time, ingest_time) if ingest_time else none -%}
    {%- set none_value = ml_monitor.float64('null') -%}
with

event_hours as (

    select distinct
        {%- for group in groups %}
        {{ group }} as group_{{ loop.index }},
        {%- endfor %}
        {{ ml_monitor.truncate('hour', event_time) }} as hour
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    where {{ event_time }} <= {{ as_of }}
    union
    {%- if groups %}
    select distinct
        {%- for group in groups %}
        {{ group }} as group_{{ loop.index }},
        {%- endfor %}
        {{ ml_monitor.truncate('hour', as_of) }} as hour
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    {%- else %}
    select {{ ml_monitor.truncate('hour', as_of) }} as hour
    {%- endif %}

),

gaps as (

    select
        {%- for group in groups %}
        group_{{ loop.index }},
        {%- endfor %}
        {{ ml_monitor.minutes_between('lag(hour) over (' ~ partition ~ 'order by hour)', 'hour') }} / 60 - 1 as gap_hours
    from event_hours

),

longest_gaps as (

    select
        {%- for group in groups %}
        group_{{ loop.index }},
        {%- endfor %}
        max(gap_hours) as gap_hours
    from gaps
    {%- if groups %}
    group by {{ names | join(', ') }}
    {%- endif %}

),

ages as (

    select
        {%- for group in groups %}
        {{ group }} as group_{{ loop.index }},
        {%- endfor %}
        count(*) as row_count,
        {#- greatest leaves out NULL, and a column of nothing would be of age 0. #}
        case when count({{ event_time }}) > 0 then {{ ml_monitor.greatest_of([0, ml_monitor.minutes_between('max(' ~ event_time ~ ')', as_of)]) }} end as event_age_minutes,
        {%- if ingest_time %}
        case when count({{ ingest_time }}) > 0 then {{ ml_monitor.greatest_of([0, ml_monitor.minutes_between('max(' ~ ingest_time ~ ')', as_of)]) }} end as ingest_age_minutes,
        {{ ml_monitor.quantile(0.95, lag) }} as ingest_lag_p95_minutes,
        case when count({{ lag }}) > 0 then {{ ml_monitor.float64('sum(case when ' ~ lag ~ ' > ' ~ late_after_minutes ~ ' then 1 else 0 end)') }} / count(*) end as late_share
        {%- else %}
        {{ none_value }} as ingest_age_minutes,
        {{ none_value }} as ingest_lag_p95_minutes,
        {{ none_value }} as late_share
        {%- endif %}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    {%- if groups %}
    group by {{ groups | join(', ') }}
    {%- endif %}

),

final as (

    select
        {%- for group in groups %}
        ages.group_{{ loop.index }} as {{ group }},
        {%- endfor %}
        ages.row_count,
        ages.event_age_minutes,
        ages.ingest_age_minutes,
        ages.ingest_lag_p95_minutes,
        ages.late_share,
        case when ages.event_age_minutes is not null then longest_gaps.gap_hours end as longest_gap_hours
    from ages
    inner join longest_gaps on {{ ml_monitor.same_group('ages', 'longest_gaps', names) }}

)

select * from final
{%- endmacro %}

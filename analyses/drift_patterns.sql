-- How each column moved: all at once and since then (sudden), more from day to day (gradual), or for a while, again and again
-- (recurring); `passing` if it came once and went. By the days of a period, against the serving baseline:
--     sudden      the first day of the newest episode reaches half of the median excess of that episode, which lasts to the end
--     gradual     it does not: the excess rose from below half of the median
--     recurring   three or more episodes: runs of days on which drift is detected
--     dbt show -s drift_patterns --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, from: "2013-06-01", until: "2013-12-31"}}'
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set from = given.get('from', '2013-06-01') %}
{% set until = given.get('until', '2013-12-31') %}
with

days as (

    select
        model_version,
        column_name,
        window_start,
        psi_excess,
        case when is_drift_detected then 1 else 0 end as is_detected,
        coalesce(lag(is_drift_detected) over (partition by model_version, column_name order by window_start), false) as was_detected,
        max(window_start) over (partition by model_version, column_name) as last_day
    from {{ ref('ml_monitor', 'ml_drift') }}
    where
        monitor = '{{ monitor }}'
        and window_grain = 'day'
        and baseline = 'serving'
        and segment_name = '__all__'
        and psi_reason is null
        and window_start >= cast('{{ from }}' as timestamp)
        and window_start < cast('{{ until }}' as timestamp)

),

numbered as (

    select
        *,
        sum(case when is_detected = 1 and not was_detected then 1 else 0 end) over (
            partition by model_version, column_name
            order by window_start
            rows between unbounded preceding and current row
        ) as episode
    from days

),

episodes as (

    select
        model_version,
        column_name,
        episode,
        min(window_start) as first_day,
        max(window_start) as newest_day,
        max(last_day) as last_day,
        count(*) as detected_days,
        max(case when not was_detected then psi_excess end) as first_excess,
        {{ ml_monitor.quantile(0.5, 'psi_excess') }} as median_excess,
        max(psi_excess) as largest_excess
    from numbered
    where is_detected = 1
    group by model_version, column_name, episode

),

ranked as (

    select
        *,
        count(*) over (partition by model_version, column_name) as episode_count,
        row_number() over (partition by model_version, column_name order by episode desc) as age_rank
    from episodes

),

final as (

    select
        column_name,
        model_version,
        case
            when episode_count >= 3 then 'recurring'
            when newest_day < last_day then 'passing'
            when first_excess >= 0.5 * median_excess then 'sudden'
            else 'gradual'
        end as pattern,
        episode_count,
        first_day,
        newest_day,
        detected_days,
        first_excess,
        median_excess,
        largest_excess
    from ranked
    where age_rank = 1

)

select *
from final
order by largest_excess desc, column_name asc

{{ config(enabled=(project_name == 'ml_monitor')) -}}
-- What was believed, and when: each change of a verdict that was or became a warning or a failure, from the append-only history.
-- hours_after_window is how long after the window had ended the run spoke of it; previous_status is NULL for the first verdict.
-- A finding that was taken back later (late rows, a correction, another policy) has a row of its own with status pass.
--     dbt show -s when_did_we_know --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, from: "2013-07-01", until: "2013-08-01"}}'
-- Without a monitor, of all.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor', '*') %}
{% set from = given.get('from', '1970-01-01') %}
{% set until = given.get('until', '9999-12-31') %}
with

beliefs as (

    select
        *,
        lag(status) over (partition by monitor, check_id order by recorded_at, as_of) as previous_status
    from {{ ref('ml_monitor', 'ml_check_history') }}
    where
        '{{ monitor }}' in (monitor, '*')
        and window_start >= cast('{{ from }}' as timestamp)
        and window_start < cast('{{ until }}' as timestamp)

),

final as (

    select
        monitor,
        category,
        metric,
        subject,
        window_grain,
        window_start,
        window_end,
        previous_status,
        status,
        reason,
        value,
        threshold,
        sample_size,
        as_of,
        {{ ml_monitor.minutes_between('window_end', 'as_of') }} / 60 as hours_after_window,
        recorded_at,
        invocation_id,
        message
    from beliefs
    where
        (status in ('fail', 'warn') or previous_status in ('fail', 'warn'))
        and (previous_status is null or previous_status <> status)

)

select *
from final
order by recorded_at, monitor, window_start, metric, subject

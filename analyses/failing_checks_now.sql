{{ config(enabled=(project_name == 'ml_monitor')) -}}
-- What fails now, and what warns, worst first: one row per monitor, metric and subject in the scope of the gates.
-- The message is that of the window furthest beyond its limit: distance is |value - threshold| / |threshold|. window_count says how many
-- windows are behind it, spell_count how often it began anew.
--     dbt show -s failing_checks_now --output json --limit -1
with

findings as (

    select
        monitor,
        category,
        metric,
        subject,
        status,
        is_repeat,
        window_start,
        window_end,
        value,
        threshold,
        sample_size,
        message,
        owner,
        case
            when threshold is null or threshold = 0 then abs(coalesce(value, 1))
            else abs(value - threshold) / abs(threshold)
        end as distance
    from {{ ref('ml_monitor', 'ml_gates') }}
    where status in ('fail', 'warn')

),

ranked as (

    select
        *,
        row_number() over (
            partition by monitor, category, metric, subject, status
            order by distance desc, window_start asc
        ) as distance_rank,
        count(*) over (partition by monitor, category, metric, subject, status) as window_count,
        sum(case when is_repeat then 0 else 1 end) over (
            partition by monitor, category, metric, subject, status
        ) as spell_count,
        min(window_start) over (partition by monitor, category, metric, subject, status) as first_window_start,
        max(window_end) over (partition by monitor, category, metric, subject, status) as last_window_end
    from findings

),

final as (

    select
        monitor,
        category,
        metric,
        subject,
        status,
        window_count,
        spell_count,
        first_window_start,
        last_window_end,
        value as worst_value,
        threshold,
        distance,
        sample_size,
        message,
        owner
    from ranked
    where distance_rank = 1

)

select *
from final
order by
    case when status = 'fail' then 0 else 1 end asc,
    distance desc,
    monitor asc,
    metric asc,
    subject asc

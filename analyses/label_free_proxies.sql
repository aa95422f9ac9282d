-- What the score says before the labels come: per day and version the mean entropy of the score (in bits), the share of scores near the
-- threshold and the decision rate, each beside that of the serving baseline (without the day itself) and with the verdict on its drift.
--     dbt show -s label_free_proxies --output json --limit -1 --vars '{ml_analysis: {monitor: flight_delay}}'
-- Higher entropy: the model is less sure. More near the threshold: more decisions that a small error turns. Another decision rate: the
-- consumer of the decisions sees other traffic. Only the proxies that the monitor declares have rows, so none has none.
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
with

day_values as (

    select
        {{ ml_monitor.truncate('day', 'p.window_start') }} as window_start,
        p.model_version,
        p.column_name,
        sum(p.row_count) as row_count,
        sum(
            case
                when p.column_name = '__score_entropy__' then grid.center * p.row_count + grid.scale * p.z_sum
                when p.category = 'yes' then p.row_count
                else 0
            end
        ) as value_sum
    from {{ ref(monitor ~ '__hourly_profile') }} as p
    left join {{ ref(monitor ~ '__grid') }} as grid on p.column_name = grid.column_name
    where
        p.column_name in ('__score_entropy__', '__near_threshold__', '__decision__')
        and p.segment_name = '__all__'
        and p.slot >= 0
    group by {{ ml_monitor.truncate('day', 'p.window_start') }}, p.model_version, p.column_name

),

baseline_values as (

    select
        day_values.model_version,
        day_values.column_name,
        sum(day_values.row_count) as row_count,
        sum(day_values.value_sum) as value_sum
    from day_values
    inner join {{ ref(monitor ~ '__baseline_windows') }} as baseline_days
        on day_values.window_start = baseline_days.window_start and day_values.model_version = baseline_days.model_version
    where baseline_days.is_baseline
    group by day_values.model_version, day_values.column_name

),

final as (

    select
        drift.window_start,
        drift.model_version,
        case drift.column_name
            when '__score_entropy__' then 'mean entropy'
            when '__near_threshold__' then 'share near the threshold'
            else 'decision rate'
        end as proxy,
        drift.is_in_baseline,
        drift.current_rows,
        {{ ml_monitor.ratio('day_values.value_sum', 'day_values.row_count') }} as current_value,
        {{ ml_monitor.ratio(
            'case when drift.is_in_baseline then baseline_values.value_sum - day_values.value_sum else baseline_values.value_sum end',
            '(case when drift.is_in_baseline then baseline_values.row_count - day_values.row_count else baseline_values.row_count end)',
        ) }} as baseline_value,
        drift.psi_excess,
        drift.min_detectable,
        drift.is_drift_detected,
        drift.psi_reason
    from {{ ref(monitor ~ '__drift') }} as drift
    left join day_values
        on
            drift.window_start = day_values.window_start
            and drift.model_version = day_values.model_version
            and drift.column_name = day_values.column_name
    left join baseline_values
        on
            drift.model_version = baseline_values.model_version
            and drift.column_name = baseline_values.column_name
    where
        drift.column_role = 'proxy'
        and drift.window_grain = 'day'
        and drift.baseline = 'serving'
        and drift.segment_name = '__all__'

)

select *
from final
order by window_start asc, model_version asc, proxy asc

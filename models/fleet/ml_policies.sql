with

monitors as (

    select monitor from {{ ref('ml_monitors') }}

),

rules as (

    {{ ml_monitor.policy_rules() | indent(4) }}

),

matched as (

    select
        monitors.monitor,
        rules.policy_id,
        rules.metric,
        rules.window_grain,
        rules.baseline,
        rules.segment_name,
        rules.subject,
        rules.warn_below,
        rules.fail_below,
        rules.warn_above,
        rules.fail_above,
        coalesce(
            rules.min_sample,
            case monitors.monitor
                {%- for monitor in ml_monitor.ml_monitors() if execute %}
                when '{{ monitor }}' then {{ ml_monitor.monitor_spec(monitor).min_sample }}
                {%- endfor %}
                else 0
            end
        ) as min_sample,
        rules.comment,
        row_number() over (
            partition by monitors.monitor, rules.metric, rules.window_grain, rules.baseline, rules.segment_name, rules.subject
            order by case when rules.monitor = '*' then 1 else 0 end
        ) as specificity_rank
    from monitors
    inner join rules on rules.monitor in ('*', monitors.monitor)

),

final as (

    select
        monitor,
        policy_id,
        metric,
        window_grain,
        baseline,
        segment_name,
        subject,
        warn_below,
        fail_below,
        warn_above,
        fail_above,
        min_sample,
        comment
    from matched
    where specificity_rank = 1

)

select * from final

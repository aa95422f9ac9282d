{#-
  The evidence of ml_retraining, as CTEs: `days` (predictions and mature labels by day and version), `versions` (choice 1 serves most),
  `drift` and `falls` (since when they last). Reads the CTEs `declared` and `as_of_times` of that model.

  Arguments: performance, findings (relations ml_performance and ml_incident_findings).
-#}
{% macro retraining_evidence(performance, findings) -%}
days as (

    select
        p.monitor,
        p.model_version,
        p.window_start,
        p.window_end,
        p.predicted_rows,
        case when p.is_mature then p.labelled_rows else 0 end as mature_labels,
        as_of_times.as_of
    from {{ ml_monitor.aliased(performance, 'p') }}
    inner join as_of_times on p.monitor = as_of_times.monitor
    where p.window_grain = 'day' and p.segment_name = '__all__' and p.window_start < as_of_times.as_of

),

versions as (

    select
        monitor,
        model_version,
        as_of,
        min(case when predicted_rows > 0 then window_start end) as version_since,
        sum(mature_labels) as new_labels,
        row_number() over (
            partition by monitor
            order by
                case model_version when '__all__' then 1 else 0 end,
                sum(case when window_start >= {{ ml_monitor.date_add('day', -7, 'as_of') }} then predicted_rows else 0 end) desc,
                model_version
        ) as choice
    from days
    group by monitor, model_version, as_of

),

-- Findings that are open and have lasted; what speaks of the training set says nothing of a change.
lasting as (

    select
        f.monitor,
        f.subject,
        f.category,
        f.status,
        f.first_window_start,
        f.last_seen_at,
        case when f.metric in ({{ ml_monitor.string_list(ml_monitor.fall_metrics()) }}) then 1 else 0 end as is_fall,
        case
            when
                {{ ml_monitor.minutes_between('f.first_window_start', 'f.last_seen_at') }} >= 1440 * declared.sustained_days
                and coalesce(f.resolved_at > as_of_times.as_of, true)
                then 1
            else 0
        end as is_lasting
    from {{ ml_monitor.aliased(findings, 'f') }}
    inner join declared on f.monitor = declared.monitor
    inner join as_of_times on f.monitor = as_of_times.monitor
    where
        f.category in ('drift', 'performance')
        and f.baseline <> 'training'
        and f.segment_name = '__all__'
        and f.opened_at <= as_of_times.as_of

),

drifts as (

    select
        d.monitor,
        d.subject,
        d.first_window_start,
        max(case when f.monitor is null then 0 else 1 end) as has_impact
    from lasting as d
    left join lasting as f
        on
            d.monitor = f.monitor
            and f.is_fall = 1
            and f.first_window_start < d.last_seen_at
            and f.last_seen_at > d.first_window_start
    where d.category = 'drift' and d.is_lasting = 1
    group by d.monitor, d.subject, d.first_window_start

),

drift as (

    select
        monitor,
        min(case has_impact when 1 then first_window_start end) as drift_since,
        min(case has_impact when 0 then first_window_start end) as virtual_drift_since,
        {{ ml_monitor.joined_texts('subject', "', '", ['subject']) | indent(8) }} as drift_subjects
    from (
        select monitor, subject, min(first_window_start) as first_window_start, max(has_impact) as has_impact
        from drifts
        group by monitor, subject
    ) as by_subject
    group by monitor

),

falls as (

    select monitor, min(first_window_start) as performance_since
    from lasting
    where is_fall = 1 and is_lasting = 1 and status = 'fail'
    group by monitor

),
{%- endmacro %}

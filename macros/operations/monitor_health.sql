{#-
  Model ml_monitor_health: whether the monitoring itself works: when each monitor last ran and last judged something, how old its
  baseline is, what is not evaluated and why, which policies never fire, and how alerts are handled.

  Columns: ml_monitor_health_columns.
-#}
{% macro monitor_health() %}
    {{- config(materialized='view') -}}
    {%- set checks = ref('ml_monitor', 'ml_checks') -%}
    {%- set runs = ref('ml_monitor', 'ml_runs') -%}
    {%- set incidents = ref('ml_monitor', 'ml_incidents') -%}
    {%- set text = ml_monitor.text_type() -%}
    {#- Where ML_AS_OF is given, the clock says nothing: the newest moment of any monitor does. -#}
    {%- set ran, now = 'runs.last_run_at', ml_monitor.zoned_to_utc('current_timestamp') -%}
    {%- if ml_monitor.is_as_of_given() -%}{%- set ran, now = 'runs.last_as_of', 'max(runs.last_as_of) over ()' -%}{%- endif -%}
    {%- set lookback = ml_monitor.setting('gate_lookback_hours') -%}
    {%- set silent = 'case when evaluated_at is not null and has_fired = 0 then policy_id end' -%}
    {%- set ns = namespace(baselines=[]) -%}
    {%- for monitor in ml_monitor.monitors_with('baseline_windows') -%}
        {%- set ns.baselines = ns.baselines + [[monitor, ref(project_name, monitor ~ '__baseline_windows')]] -%}
    {%- endfor -%}
    {%- set is_in_scope = 'c.available_at <= runs.last_as_of and c.available_at > '
        ~ ml_monitor.date_add('hour', -1 * lookback, 'runs.last_as_of') -%}
-- ml_monitor.monitor_health()
{%- if not ns.baselines %}
{{ ml_monitor.no_rows() }}
{%- else %}
with

runs as (

    select
        monitor,
        max(recorded_at) as last_run_at,
        max(as_of) as last_as_of,
        max(newest_hour) as newest_hour
    from {{ runs }}
    group by monitor

),

baselines as (
    {% for monitor, relation in ns.baselines %}
    select
        '{{ monitor }}' as monitor,
        min(window_start) as baseline_start,
        max(window_end) as baseline_end,
        count(*) as baseline_days
    from {{ relation }}
    where is_baseline and model_version = '__all__'
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

-- Checks in the scope of the gates, by reason.
reasons as (

    select c.monitor, c.reason, count(*) as check_count
    from {{ ml_monitor.aliased(checks, 'c') }}
    inner join runs on c.monitor = runs.monitor
    where {{ is_in_scope }}
    group by c.monitor, c.reason

),

judged as (

    select
        monitor,
        sum(check_count) as check_count,
        sum(case when reason is not null then check_count else 0 end) as unjudged_count,
        {{ ml_monitor.joined_texts(
            "case when reason is not null then reason || ' ' || cast(check_count as " ~ text ~ ') end', "', '",
            ['check_count desc', 'reason']
        ) | indent(8) }} as unjudged_reasons
    from reasons
    group by monitor

),

-- Of each policy row that judged anything, whether it ever warned or failed.
policies as (

    select
        monitor,
        policy_id,
        max(case when status <> 'not_evaluated' then available_at end) as evaluated_at,
        max(case when status in ('warn', 'fail') then 1 else 0 end) as has_fired
    from {{ checks }}
    group by monitor, policy_id

),

policy_counts as (

    select
        monitor,
        max(evaluated_at) as last_evaluated_at,
        count(evaluated_at) as policy_count,
        count({{ silent }}) as silent_count,
        {{ ml_monitor.joined_texts(silent, "', '", ['policy_id']) | indent(8) }} as silent_policies
    from policies
    group by monitor

),

alerts as (

    select
        i.monitor,
        sum(case when i.state = 'open' and i.severity <> 'info' then 1 else 0 end) as open_incidents,
        sum(case when i.opened_at > {{ ml_monitor.date_add('day', -30, 'runs.last_as_of') }} then 1 else 0 end) as recent_incidents,
        sum(case when i.opened_at > {{ ml_monitor.date_add('day', -30, 'runs.last_as_of') }} then i.flaps else 0 end) as recent_flaps,
        avg({{ ml_monitor.minutes_between('i.opened_at', 'i.acknowledged_at') }} / 60) as hours_to_acknowledge,
        avg({{ ml_monitor.minutes_between('i.opened_at', 'i.resolved_at') }} / 60) as hours_to_resolve
    from {{ ml_monitor.aliased(incidents, 'i') }}
    inner join runs on i.monitor = runs.monitor
    group by i.monitor

),

joined as (

    select
        m.monitor,
        m.owner,
        runs.last_run_at,
        runs.last_as_of,
        runs.newest_hour,
        {{ ml_monitor.minutes_between(ran, now) }} / 60 as hours_since_run,
        policy_counts.last_evaluated_at,
        baselines.baseline_start,
        baselines.baseline_end,
        baselines.baseline_days,
        {{ ml_monitor.minutes_between('baselines.baseline_end', 'runs.last_as_of') }} / 1440 as baseline_age_days,
        judged.check_count,
        judged.unjudged_count,
        judged.unjudged_reasons,
        policy_counts.policy_count,
        policy_counts.silent_count,
        policy_counts.silent_policies,
        alerts.open_incidents,
        alerts.recent_incidents,
        alerts.recent_flaps,
        alerts.hours_to_acknowledge,
        alerts.hours_to_resolve
    from {{ ml_monitor.aliased(ref('ml_monitor', 'ml_monitors'), 'm') }}
    left join runs on m.monitor = runs.monitor
    left join baselines on m.monitor = baselines.monitor
    left join judged on m.monitor = judged.monitor
    left join policy_counts on m.monitor = policy_counts.monitor
    left join alerts on m.monitor = alerts.monitor

)

select
    {{ ml_monitor.typed_columns(ml_monitor.ml_monitor_health_columns(), {
        'is_stopped': 'coalesce(hours_since_run > ' ~ ml_monitor.setting('stopped_after_hours') ~ ', true)',
        'checks': 'coalesce(check_count, 0)',
        'not_evaluated_checks': 'coalesce(unjudged_count, 0)',
        'not_evaluated_reasons': 'unjudged_reasons',
        'policies': 'coalesce(policy_count, 0)',
        'silent_policies': 'coalesce(silent_count, 0)',
        'silent_policy_ids': 'silent_policies',
        'open_incidents': 'coalesce(open_incidents, 0)',
        'incidents_30_days': 'coalesce(recent_incidents, 0)',
        'realert_rate': ml_monitor.float64('recent_flaps') ~ ' / nullif(recent_incidents, 0)',
        'baseline_days': 'coalesce(baseline_days, 0)',
    }) | indent(4) }}
from joined
{%- endif %}
{% endmacro %}


{#- The columns of ml_monitor_health. -#}
{% macro ml_monitor_health_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'monitor', 'owner',
        ['last_run_at', 'timestamp', 'Start of the last run of dbt that built its checks (UTC); NULL if none did.'],
        ['last_as_of', 'timestamp', 'Moment that this run spoke of (UTC).'],
        ['hours_since_run', 'double', 'Hours since that run.'],
        ['is_stopped', 'boolean', 'True if these are more than ml_stopped_after_hours, or it never ran.'],
        ['newest_hour', 'timestamp', 'Newest hour with a prediction (UTC).'],
        ['last_evaluated_at', 'timestamp', 'Newest moment for which any check has a verdict (UTC).'],
        ['baseline_start', 'timestamp', 'Start of the first day of the serving baseline (UTC); NULL without one.'],
        ['baseline_end', 'timestamp', 'End of its last day (UTC).'],
        ['baseline_days', 'bigint', 'Days in it.'],
        ['baseline_age_days', 'double', 'Days from its end to last_as_of.'],
        ['checks', 'bigint', 'Checks in the scope of the gate: of the last ml_gate_lookback_hours.'],
        ['not_evaluated_checks', 'bigint', 'Those that were not evaluated.'],
        ['not_evaluated_reasons', 'string', 'Their reasons, each with its number of checks, the most frequent first.'],
        ['policies', 'bigint', 'Policy rows that ever judged a window.'],
        ['silent_policies', 'bigint', 'Those that never warned nor failed.'],
        ['silent_policy_ids', 'string', 'Their policy_id, separated by commas.'],
        ['open_incidents', 'bigint', 'Open incidents that are not info.'],
        ['incidents_30_days', 'bigint', 'Incidents that opened in the 30 days before last_as_of, info included.'],
        ['realert_rate', 'double', 'How often these were found again after they were resolved, per incident.'],
        ['hours_to_acknowledge', 'double', 'Mean hours from the opening of an incident until it was acknowledged; NULL if none was.'],
        ['hours_to_resolve', 'double', 'Mean hours from the opening of an incident until it was resolved; NULL if none was.'],
    ])) -%}
{% endmacro %}

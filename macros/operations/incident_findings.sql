{#-
  Model ml_incident_findings: runs of findings, and which of them is the cause of which. It is a view on ml_checks alone, so however the
  runs of dbt are split, the history is the same.

  A series of checks is one metric of one subject in windows of one length. A run of it opens with ml_incident_failures failing windows of
  the last ml_incident_failures_of, or ml_incident_warnings warnings or failures of the last ml_incident_warnings_of, once it has lasted
  ml_incident_for_hours. It is resolved when its windows have passed for ml_incident_keep_firing_hours; a window that is not within the
  close limit (ml_incident_close_share) holds what was, as one that was not evaluated does. Not evaluated for ml_incident_stale_hours and
  the length of a window, it is resolved, too. A finding within ml_incident_cool_down_hours after that opens the same run again (a flap).

  A monitor that did not run for ml_stopped_after_hours is a finding of its own, by the clock.

  Columns: ml_incident_findings_columns.
  Source: the words `for` and `keep firing for` are those of Prometheus; docs/incidents.md has the rules of causes.
-#}
{% macro incident_findings() %}
    {{- config(materialized=ml_monitor.view_or_table()) -}}
    {%- set tiers, owners = [], [] -%}
    {%- for monitor in ml_monitor.ml_monitors() if execute -%}
        {%- set spec = ml_monitor.monitor_spec(monitor) -%}
        {%- set tier = {'high': 1, 'low': -1}.get(spec.risk_tier, 0) -%}
        {%- if tier -%}{%- do tiers.append("when '" ~ monitor ~ "' then " ~ tier) -%}{%- endif -%}
        {%- do owners.append("when '" ~ monitor ~ "' then " ~ ml_monitor.string_literal(spec.owner)) -%}
    {%- endfor -%}
    {%- set tier = 'case monitor ' ~ tiers | join(' ') ~ ' else 0 end' if tiers else '0' -%}
    {%- set runs = ref('ml_monitor', 'ml_runs') -%}
    {#- Where ML_AS_OF is given, the time that the tables speak of is not that of the clock, and a gap in it says nothing. -#}
    {%- set is_live = owners and not ml_monitor.is_as_of_given() -%}
    {%- set severity = "case when weight >= 3 then 'critical' when weight = 2 then 'warning' else 'info' end" -%}
-- ml_monitor.incident_findings()
with

{% if is_live -%}
{{ ml_monitor.stopped_monitors(runs, owners, tier) }}

{% endif -%}
{{ ml_monitor.incident_runs(ref('ml_monitor', 'ml_checks'), ref('ml_monitor', 'ml_policies')) }}

{{ ml_monitor.incident_causes('incident_runs') }}

severities as (

    select
        *,
        -- 1 is a warning and 2 a failure; a high risk tier and a value three times its limit weigh one more.
        state + {{ tier }} + case when state = 2 and peak_ratio >= 3 then 1 else 0 end as weight
    from incident_causes

)

select
    {{ ml_monitor.typed_columns(ml_monitor.ml_incident_findings_columns(), {
        'severity': severity,
        'status': "case state when 2 then 'fail' else 'warn' end",
        'is_cause': 'incident_finding_id = incident_id',
    }) | indent(4) }}
from severities
{%- if is_live %}
union all
select
    {{ ml_monitor.typed_columns(ml_monitor.ml_incident_findings_columns(), {
        'incident_id': 'incident_finding_id',
        'category': "'monitoring'",
        'metric': "'hours_since_run'",
        'subject': "'__rows__'",
        'window_grain': "'hour'",
        'baseline': "'none'",
        'model_version': "'__all__'", 'segment_name': "'__all__'", 'segment_value': "'__all__'",
        'is_cause': 'true', 'explained_by': 'null', 'explanation': 'null',
        'severity': severity,
        'status': "'fail'",
        'first_window_start': 'run_at',
        'last_seen_at': 'until_at',
        'resolved_at': 'next_at',
        'windows': '1', 'failed_windows': '1', 'flaps': '0',
        'peak_value': 'idle_hours', 'threshold': ml_monitor.setting('stopped_after_hours'),
        'peak_ratio': 'idle_hours / ' ~ ml_monitor.setting('stopped_after_hours'),
        'rows_query': 'null',
    }) | indent(4) }}
from stops
{%- endif %}
{% endmacro %}


{#- The columns of ml_incident_findings. -#}
{% macro ml_incident_findings_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['incident_finding_id', 'string', 'md5 of the series of checks and the start of the first window of the run.'],
        ['incident_id', 'string', 'The incident it belongs to: incident_finding_id of its cause.'],
        'monitor', 'category', 'metric', 'subject',
        ['window_grain', 'hour, day, 7_days, 28_days, month or baseline.'],
        'baseline', 'model_version', 'segment_name', 'segment_value',
        ['is_cause', 'boolean', 'True if nothing explains it; others are muted.'],
        ['explained_by', 'string', 'Category, metric and subject of what explains it; NULL of a cause.'],
        ['explanation', 'string', 'How that explains it; NULL of a cause.'],
        ['severity', 'string', 'critical, warning or info: from status, risk_tier of the monitor, and peak_ratio.'],
        ['status', 'string', 'fail if any window failed, else warn.'],
        ['first_window_start', 'timestamp', 'Start of its first window with a finding (UTC).'],
        ['opened_at', 'timestamp', 'When the checks first said so (UTC): available_at of the window that opened it.'],
        ['last_seen_at', 'timestamp', 'End of its last window with a finding (UTC).'],
        ['resolved_at', 'timestamp', 'When its windows had passed for ml_incident_keep_firing_hours, or were not evaluated for '
            'ml_incident_stale_hours (UTC); NULL while it is open.'],
        ['windows', 'bigint', 'Windows with a finding.'],
        ['failed_windows', 'bigint', 'Those that failed.'],
        ['flaps', 'bigint', 'How often it was resolved and found again.'],
        ['peak_value', 'double', 'Value of the window that was worst, in the unit of the metric.'],
        ['threshold', 'double', 'Limit that it crossed.'],
        ['peak_ratio', 'double', 'peak_value as a multiple of the limit (of a limit that it is below the other way round); NULL if they '
            'have different signs or the limit is 0.'],
        ['message', 'What its last window with a finding said.'],
        ['rows_query', 'string', 'Select that returns the rows behind that window; NULL if the metric counts no rows.'],
        'owner',
    ])) -%}
{% endmacro %}

{#-
  Model ml_incidents: one row per cause of findings, with what it explains counted under it, and who has acknowledged it.

  Failures that it explains hold an incident open, too; in windows of several days, which remember what is over, they do not.
  An incident is muted by one of a monitor that its own declares as `upstream`: what was at least as severe, was seen in windows that
  overlap, and opened no later than a day after it. Gates are not affected.
  Acknowledgements are rows of the seed or model that var ml_acknowledgements names, with the columns incident_id, acknowledged_at
  (timestamp, UTC), acknowledged_by and note; the first of an incident counts.

  Columns: ml_incidents_columns.
-#}
{% macro incidents() %}
    {{- config(materialized=ml_monitor.view_or_table()) -}}
    {%- set name = var('ml_acknowledgements', none) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set page = ml_monitor.string_literal(ml_monitor.setting('docs') ~ '/runbooks/') -%}
    {%- set holds = "is_cause or (status = 'fail' and window_grain in ('hour', 'day'))" -%}
    {%- set together = 'over (partition by incident_id)' -%}
    {%- set ns = namespace(upstream=[]) -%}
    {%- for monitor in ml_monitor.ml_monitors() if execute -%}
        {%- for other in ml_monitor.monitor_spec(monitor).upstream -%}
            {%- set ns.upstream = ns.upstream + [["'" ~ monitor ~ "'", ml_monitor.string_literal(other)]] -%}
        {%- endfor -%}
    {%- endfor -%}
-- ml_monitor.incidents()
with

findings as (

    select
        *,
        case severity when 'critical' then 3 when 'warning' then 2 else 1 end as weight,
        case when {{ holds }} then last_seen_at end as held_until,
        case when {{ holds }} then coalesce(resolved_at, {{ ml_monitor.timestamp_literal('9999-12-31 00:00:00') }}) end as held_at
    from {{ ref('ml_monitor', 'ml_incident_findings') }}

),

summed as (

    select
        *,
        count(*) {{ together }} as finding_count,
        max(weight) {{ together }} as worst,
        max(held_until) {{ together }} as seen_at,
        max(held_at) {{ together }} as over_at
    from findings

),

causes as (

    select
        *,
        case worst when 3 then 'critical' when 2 then 'warning' else 'info' end as incident_severity,
        case when over_at < {{ ml_monitor.timestamp_literal('9999-12-31 00:00:00') }} then over_at end as closed_at
    from summed
    where is_cause

),
{% if ns.upstream %}
upstream as (

    {{ ml_monitor.values_list(['dependent', 'source'], ns.upstream) | indent(4) }}

),

muted as (

    select incident_id as muted_id, source_id
    from (
        select
            d.incident_id,
            u.incident_id as source_id,
            row_number() over (partition by d.incident_id order by u.opened_at, u.incident_id) as choice
        from causes as d
        inner join upstream on d.monitor = upstream.dependent
        inner join causes as u
            on
                upstream.source = u.monitor
                and u.worst >= d.worst
                and u.first_window_start < d.seen_at
                and u.seen_at > d.first_window_start
                and u.opened_at <= {{ ml_monitor.add_hours('d.opened_at', 24) }}
    ) as ranked
    where choice = 1

),
{% endif %}
acknowledged as (

    {% if name -%}
    select incident_id as known_id, acknowledged_at, acknowledged_by
    from (
        select
            incident_id,
            cast(acknowledged_at as timestamp) as acknowledged_at,
            acknowledged_by,
            row_number() over (partition by incident_id order by cast(acknowledged_at as timestamp), acknowledged_by) as choice
        from {{ ml_monitor.own_relation(name) }}
    ) as ranked
    where choice = 1
    {%- else -%}
    select
        cast(null as {{ text }}) as known_id,
        cast(null as timestamp) as acknowledged_at,
        cast(null as {{ text }}) as acknowledged_by
    where 1 = 0
    {%- endif %}

)

select
    {{ ml_monitor.typed_columns(ml_monitor.ml_incidents_columns(), {
        'severity': 'incident_severity',
        'state': "case when closed_at is null then 'open' else 'resolved' end",
        'last_seen_at': 'seen_at',
        'resolved_at': 'closed_at',
        'findings': 'finding_count',
        'muted_findings': 'finding_count - 1',
        'muted_by': 'source_id' if ns.upstream else 'null',
        'title': "monitor || ': ' || replace(metric, '_', ' ') || case subject when '__rows__' then '' else ' of ' || subject end"
            ~ " || case status when 'fail' then ' fails' else ' warns' end",
        'runbook': page ~ " || category || '.md'",
    }) | indent(4) }}
from causes
{%- if ns.upstream %}
left join muted on incident_id = muted_id
{%- endif %}
left join acknowledged on incident_id = known_id
{% endmacro %}


{#- The columns of ml_incidents. -#}
{% macro ml_incidents_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['incident_id', 'string', 'md5 of the series of checks of its cause and the start of its first window.'],
        'monitor', 'owner',
        ['severity', 'string', 'critical, warning or info: the highest of its findings.'],
        ['state', 'string', 'open or resolved.'],
        ['title', 'string', 'One line for people.'],
        'category', 'metric', 'subject',
        ['window_grain', 'hour, day, 7_days, 28_days, month or baseline.'],
        'model_version', 'segment_name', 'segment_value',
        ['opened_at', 'timestamp', 'When the checks first said so (UTC).'],
        ['last_seen_at', 'timestamp',
            'End of the last window with a finding, of its cause or a failure of an hour or day that it explains (UTC).'],
        ['acknowledged_at', 'timestamp', 'When it was first acknowledged (UTC); NULL if it was not.'],
        ['acknowledged_by', 'string', 'Who did.'],
        ['resolved_at', 'timestamp',
            'When its cause, and failures of hours and days that it explains, had been clear for ml_incident_keep_firing_hours, '
            'or not evaluated for ml_incident_stale_hours (UTC); NULL while open.'],
        ['peak_value', 'double', 'Value of the window of its cause that was worst, in the unit of the metric.'],
        ['threshold', 'double', 'Limit that it crossed.'],
        ['windows', 'bigint', 'Windows of its cause with a finding.'],
        ['failed_windows', 'bigint', 'Those that failed.'],
        ['flaps', 'bigint', 'How often its cause was resolved and found again.'],
        ['findings', 'bigint', 'Series of checks that belong to it (ml_incident_findings).'],
        ['muted_findings', 'bigint', 'Those that its cause explains.'],
        ['muted_by', 'string', 'Incident of an upstream monitor that explains it; NULL if none does.'],
        ['message', 'What the last window of its cause with a finding said.'],
        ['rows_query', 'string', 'Select that returns the rows behind that window; NULL if the metric counts no rows.'],
        ['runbook', 'string', 'Page of its category: how to read it, and what to do.'],
    ])) -%}
{% endmacro %}

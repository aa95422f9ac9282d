{#-
  Model ml_incidents: one row per cause of findings, with what it explains counted under it, and who has acknowledged it.

  Acknowledgements are rows of the seed or model that var ml_acknowledgements names, with the columns incident_id, acknowledged_at
  (timestamp, UTC), acknowledged_by and note.

  Columns: ml_incidents_columns.
-#}
{% macro incidents() %}
    {{- config(materialized='view') -}}
    {%- set name = var('ml_acknowledgements', none) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set page = ml_monitor.string_literal(ml_monitor.setting('docs') ~ '/gates/') -%}
-- ml_monitor.incidents()
with

findings as (

    select * from {{ ref('ml_monitor', 'ml_incident_findings') }}

),

counted as (

    select
        incident_id,
        count(*) as findings,
        sum(case when is_cause then 0 else 1 end) as muted_findings
    from findings
    group by incident_id

),

acknowledged as (

    {% if name -%}
    select incident_id, min(cast(acknowledged_at as timestamp)) as acknowledged_at, min(acknowledged_by) as acknowledged_by
    from {{ ml_monitor.own_relation(name) }}
    group by incident_id
    {%- else -%}
    select
        cast(null as {{ text }}) as incident_id,
        cast(null as timestamp) as acknowledged_at,
        cast(null as {{ text }}) as acknowledged_by
    where 1 = 0
    {%- endif %}

)

select
    {{ ml_monitor.typed_columns(ml_monitor.ml_incidents_columns(), {
        'incident_id': 'f.incident_id',
        'state': "case when f.resolved_at is null then 'open' else 'resolved' end",
        'title': "f.monitor || ': ' || replace(f.metric, '_', ' ') || case f.subject when '__rows__' then '' else ' of ' || f.subject end"
            ~ " || case f.status when 'fail' then ' fails' else ' warns' end",
        'runbook': page ~ " || f.category || '.md'",
    }) | indent(4) }}
from findings as f
inner join counted on f.incident_id = counted.incident_id
left join acknowledged on f.incident_id = acknowledged.incident_id
where f.is_cause
{% endmacro %}


{#- The columns of ml_incidents. -#}
{% macro ml_incidents_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['incident_id', 'string', 'md5 of the series of checks of its cause and the start of its first window.'],
        'monitor', 'owner',
        ['severity', 'string', 'critical, warning or info: of its cause.'],
        ['state', 'string', 'open or resolved.'],
        ['title', 'string', 'One line for people.'],
        'category', 'metric', 'subject',
        ['window_grain', 'hour, day, 7_days, 28_days, month or baseline.'],
        'model_version', 'segment_name', 'segment_value',
        ['opened_at', 'timestamp', 'When the checks first said so (UTC).'],
        ['last_seen_at', 'timestamp', 'End of the last window of its cause with a finding (UTC).'],
        ['acknowledged_at', 'timestamp', 'When it was first acknowledged (UTC); NULL if it was not.'],
        ['acknowledged_by', 'string', 'Who did.'],
        ['resolved_at', 'timestamp', 'When the windows of its cause had passed for ml_incident_keep_firing_hours (UTC); NULL while open.'],
        ['peak_value', 'double', 'Value of the window of its cause that was worst, in the unit of the metric.'],
        ['threshold', 'double', 'Limit that it crossed.'],
        ['windows', 'bigint', 'Windows of its cause with a finding.'],
        ['failed_windows', 'bigint', 'Those that failed.'],
        ['flaps', 'bigint', 'How often its cause was clear for ml_incident_keep_firing_hours and found again.'],
        ['findings', 'bigint', 'Series of checks that belong to it (ml_incident_findings).'],
        ['muted_findings', 'bigint', 'Those that its cause explains.'],
        ['message', 'What the last window of its cause with a finding said.'],
        ['rows_query', 'string', 'Select that returns the rows behind that window; NULL if the metric counts no rows.'],
        ['runbook', 'string', 'Page of its gate: how to read it, and what to do.'],
    ])) -%}
{% endmacro %}

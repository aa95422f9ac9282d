{#- Model ml_monitors: one row per monitor with its effective settings, from the declarations. -#}
{% macro monitors_view() %}
    {{- config(materialized='view') -}}
    {%- set text = ml_monitor.text_type() -%}
-- ml_monitor.monitors_view()
{%- for monitor in ml_monitor.ml_monitors() %}
{%- set spec = ml_monitor.monitor_spec(monitor) %}
select
    cast('{{ monitor }}' as {{ text }}) as monitor,
    cast({{ ml_monitor.string_literal(spec.task) }} as {{ text }}) as task,
    cast({{ ml_monitor.string_literal(spec.owner) }} as {{ text }}) as owner,
    cast({{ ml_monitor.string_literal(spec.time_zone) }} as {{ text }}) as time_zone,
    cast({{ ml_monitor.string_literal(spec.segments | join(', ')) }} as {{ text }}) as segments,
    cast({{ ml_monitor.string_literal(ml_monitor.ml_monitors()[monitor] | join(', ')) }} as {{ text }}) as parts,
    cast({{ spec.label_horizon_hours }} as int) as label_horizon_hours,
    cast({{ spec.late_after_minutes }} as int) as late_after_minutes,
    cast({{ spec.event_tolerance_minutes }} as int) as event_tolerance_minutes,
    {{ ml_monitor.timestamp_literal(spec.event_not_before) }} as event_not_before,
    cast({{ spec.replay_after_minutes }} as int) as replay_after_minutes,
    cast({{ ml_monitor.string_literal(spec.rules | map(attribute='name') | join(', ')) }} as {{ text }}) as rules,
    {{ ml_monitor.number_or_null(spec.positive_threshold if spec.task == 'binary' else none) }} as positive_threshold,
    cast('{{ spec.declaration_hash }}' as {{ text }}) as declaration_hash
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
{{ ml_monitor.no_rows() }}
{%- endfor %}
{% endmacro %}


{#- Model ml_columns: one row per declared inference column with what is known of it. -#}
{% macro columns_view() %}
    {{- config(materialized='view') -}}
    {%- set text = ml_monitor.text_type() -%}
    {%- set ns = namespace(rows=[]) -%}
    {%- for monitor in ml_monitor.ml_monitors() -%}
        {%- for column in ml_monitor.monitor_spec(monitor).inferences -%}
            {%- set ns.rows = ns.rows + [dict(column, monitor=monitor)] -%}
        {%- endfor -%}
    {%- endfor -%}
-- ml_monitor.columns_view()
{%- for column in ns.rows %}
select
    cast('{{ column.monitor }}' as {{ text }}) as monitor,
    cast({{ ml_monitor.string_literal(column.name) }} as {{ text }}) as column_name,
    cast('{{ column.role }}' as {{ text }}) as column_role,
    cast('{{ column.kind }}' as {{ text }}) as column_kind,
    cast({{ ml_monitor.string_literal(column.data_type) }} as {{ text }}) as data_type,
    {{ ml_monitor.number_or_null(column.min) }} as minimum,
    {{ ml_monitor.number_or_null(column.max) }} as maximum,
    cast({{ ml_monitor.string_literal(column.accepted_values | join(', ')) }} as {{ text }}) as accepted_values,
    cast({{ ml_monitor.string_literal(column.pattern or '') }} as {{ text }}) as pattern,
    cast({{ ml_monitor.string_literal(column.unit or '') }} as {{ text }}) as unit,
    {{ ml_monitor.number_or_null(column.max_null_rate) }} as max_null_rate,
    {{ 'true' if column.hard or column.role == 'score' else 'false' }} as is_hard,
    {{ ml_monitor.number_or_null(column.importance) }} as importance,
    {{ 'true' if column.personal else 'false' }} as is_personal
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
select
    cast(null as {{ text }}) as monitor,
    cast(null as {{ text }}) as column_name,
    cast(null as {{ text }}) as column_role,
    cast(null as {{ text }}) as column_kind,
    cast(null as {{ text }}) as data_type,
    {{ ml_monitor.float64('null') }} as minimum,
    {{ ml_monitor.float64('null') }} as maximum,
    cast(null as {{ text }}) as accepted_values,
    cast(null as {{ text }}) as pattern,
    cast(null as {{ text }}) as unit,
    {{ ml_monitor.float64('null') }} as max_null_rate,
    false as is_hard,
    {{ ml_monitor.float64('null') }} as importance,
    false as is_personal
where 1 = 0
{%- endfor %}
{% endmacro %}


{#- The columns of ml_policies: lists of name, type and description. -#}
{% macro ml_policies_columns() %}
    {%- do return([
        ['monitor', 'string', 'Name of the monitor.'],
        ['policy_id', 'string', 'Row of ml_policy_rules.'],
        ['metric', 'string', 'Name of the metric, as in docs/metrics.md.'],
        ['window_grain', 'string', 'hour, day, week, rolling or month.'],
        ['baseline', 'string',
            'What the window is compared with: serving, training, trailing (the 28 days before), seasonal (the same hour of earlier weeks), '
            'or none.'],
        ['segment_name', 'string', 'Segment it judges; `__all__` for totals.'],
        ['subject', 'string', 'Column, join or dataset it judges; `*` for each without a row of its own.'],
        ['warn_below', 'double', 'Warn below this, in the unit of the metric; NULL for no limit.'],
        ['fail_below', 'double', 'Fail below this, in the unit of the metric; NULL for no limit.'],
        ['warn_above', 'double', 'Warn above this, in the unit of the metric; NULL for no limit.'],
        ['fail_above', 'double', 'Fail above this, in the unit of the metric; NULL for no limit.'],
        ['min_sample', 'int', 'Rows needed for a verdict.'],
        ['comment', 'string', 'Why, for people.'],
    ]) -%}
{% endmacro %}


{#- The columns of ml_monitors: lists of name, type and description. -#}
{% macro ml_monitors_columns() %}
    {%- do return([
        ['monitor', 'string', 'Name of the monitor.'],
        ['task', 'string', 'binary, multiclass or regression.'],
        ['owner', 'string', 'Who acts on a failed gate.'],
        ['time_zone', 'string', 'IANA time zone whose hours of the day are compared.'],
        ['segments', 'string', 'Segment columns, separated by commas; may be empty.'],
        ['parts', 'string',
            'Parts that it has: labels, reference, counts, registry, offline, embeddings, attributions and lookups, separated by commas; '
            'may be empty.'],
        ['label_horizon_hours', 'int', 'Hours after which labels count as complete.'],
        ['late_after_minutes', 'int', 'Minutes from event to ingest after which a row is late.'],
        ['event_tolerance_minutes', 'int', 'Minutes that an event may be dated after its ingest before it is quarantined.'],
        ['event_not_before', 'timestamp', 'Events before are quarantined (UTC).'],
        ['replay_after_minutes', 'int', 'Minutes after the current row from which a duplicate is a replay.'],
        ['rules', 'string', 'Names of the declared rules, separated by commas; may be empty.'],
        ['positive_threshold', 'double', 'Score from which class 1 is predicted (binary).'],
        ['declaration_hash', 'string', 'Hash of the present declaration.'],
    ]) -%}
{% endmacro %}


{#- The columns of ml_columns: lists of name, type and description. -#}
{% macro ml_columns_columns() %}
    {%- do return([
        ['monitor', 'string', 'Name of the monitor.'],
        ['column_name', 'string', 'Column of the inferences.'],
        ['column_role', 'string', 'Declared role, such as feature, score or context.'],
        ['column_kind', 'string', 'numeric or categorical.'],
        ['data_type', 'string', 'Declared data type.'],
        ['minimum', 'double', 'Declared min, in the unit of the column; NULL for none.'],
        ['maximum', 'double', 'Declared max, in the unit of the column; NULL for none.'],
        ['accepted_values', 'string', 'Declared values, separated by commas; may be empty.'],
        ['pattern', 'string', 'Declared regular expression; may be empty.'],
        ['unit', 'string', 'Declared unit; may be empty.'],
        ['max_null_rate', 'double', 'Declared limit of the null rate (0 to 1), which fails by day; NULL if none.'],
        ['is_hard', 'boolean', "True if a row that breaks the column's declaration is quarantined."],
        ['importance', 'double', 'Declared importance for the model; NULL for none.'],
        ['is_personal', 'boolean', 'True if declared to be personal data.'],
    ]) -%}
{% endmacro %}

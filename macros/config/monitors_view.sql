{#- Model ml_monitors: one row per monitor with its effective settings, from the declarations, and the windows that suit its volume. -#}
{% macro monitors_view() %}
    {{- config(materialized='view') -}}
    {%- set text = ml_monitor.text_type() -%}
-- ml_monitor.monitors_view()
{%- for monitor in ml_monitor.ml_monitors() %}
{%- set spec = ml_monitor.monitor_spec(monitor) %}
{%- set is_built = ml_monitor.is_built(monitor ~ '__baseline_windows') %}
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
    cast({{ 'judged.day_rows' if is_built else 'null' }} as bigint) as baseline_day_rows,
    cast({{ 'judged.windows' if is_built else 'null' }} as {{ text }}) as judged_windows,
    cast('{{ spec.declaration_hash }}' as {{ text }}) as declaration_hash
{%- if is_built %}
from {{ ml_monitor.judged_windows(spec, ref(project_name, monitor ~ '__baseline_windows')) }} as judged
{%- endif %}
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
{{ ml_monitor.no_rows() }}
{%- endfor %}
{% endmacro %}

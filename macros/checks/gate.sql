{#-
  Model <m>__gate: the checks that decide whether consumers may run: those that became possible to judge in the last
  var ml_gate_lookback_hours (48) before as_of. One test per category stands on it.

  A category without a check that could be evaluated is a failure, `no_checks`, unless the monitor is new: until seven days after the
  first verdict can be expected it warns, and says when that is. When it can be expected follows from the data, not from the runs: from the
  first window of the log, the days of a baseline and the horizon of the labels. A waiver that has ended is a failure of its own, and so is
  a waiver or an expected change that names nothing, and a version that serves without the approval of the model registry.

  Arguments: monitor (string).
  Columns: gate_columns.
-#}
{% macro gate(monitor) %}
    {{- ml_monitor.monitor_model(
        monitor, reads=['checks', 'waivers', 'expected_changes', 'model_registry'], materialized='view', access='public'
    ) -}}
    {%- if execute -%}
-- ml_monitor.gate('{{ monitor }}')
{{ ml_monitor.gate_select(monitor) }}
    {%- endif -%}
{% endmacro %}


{#- The select of a gate; ml_gates unites it over monitors, since a failed gate test would skip a view over the gates. -#}
{% macro gate_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set columns = ml_monitor.gate_columns() -%}
    {%- set values = {
        'monitor': "'" ~ monitor ~ "'", 'reason': "'no_checks'", 'metric': "'no_checks'", 'subject': "'__rows__'",
        'sample_size': 0, 'as_of': ml_monitor.as_of(), 'owner': ml_monitor.string_literal(spec.owner),
    } -%}
    {%- set lookback = ml_monitor.setting('gate_lookback_hours') -%}
    {%- set wait_hours = "case category when 'drift' then 72 when 'volume' then 72 when 'performance' then "
        ~ (48 + (spec.label_horizon_hours or 0)) ~ ' else 48 end' -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set waivers, changes = ml_monitor.waivers(monitor), ml_monitor.expected_changes(monitor) -%}
    {%- set registry = ml_monitor.model_registry(monitor) -%}
    {%- set metric_names = ml_monitor.metric_catalog(spec) | map(attribute='metric') | list -%}
    {%- set column_names = ml_monitor.monitored_columns(spec) | map(attribute='name') | list -%}
    {%- set is_known = 'metric in (' ~ ml_monitor.string_list(['*'] + metric_names) ~ ')' -%}
    {%- set waiver_message -%}
'{{ spec.name }} contract: the waiver of ' || metric || ' of ' || subject || case
            when {{ is_known }} then ' ended at ' || coalesce(cast(until as {{ text }}), 'no time') || ' (' || owner || ': ' || reason
                || '): remove its row, or give it a later until'
            else ' names no metric: found metric ' || metric || '; allowed: a metric of {{ ml_monitor.setting('docs') }}/metrics.md, '
                || 'such as psi, or *'
        end
    {%- endset -%}
    {%- set change_message -%}
'{{ spec.name }} contract: the expected change of ' || subject || ' at ' || coalesce(cast(changed_at as {{ text }}), 'no time')
        || ' changes nothing: found category ' || category || ' and subject ' || subject
        || '; allowed: category drift, volume or *, and subject * or a monitored column, such as '
        || {{ ml_monitor.string_literal((column_names + ['*']) | first) }}
    {%- endset -%}
    {%- set unjudged_values = dict(
        values, status="'not_evaluated'", is_repeat='false', reason='unjudged_reason', metric="'psi'", subject='unjudged_subject'
    ) -%}
    {%- set ns = namespace(categories=[]) -%}
    {%- for category in ml_monitor.gate_categories() if category != 'performance' or ml_monitor.has_part(monitor, 'labels') -%}
        {%- set ns.categories = ns.categories + [category] -%}
    {%- endfor -%}
with

categories as (
    {% for category in ns.categories %}
    select '{{ category }}' as category{{ ' union all' if not loop.last }}
    {%- endfor %}

),

in_scope as (

    select *
    from {{ ref(monitor ~ '__checks') }}
    where
        available_at <= {{ ml_monitor.as_of() }}
        and available_at > {{ ml_monitor.date_add('hour', -1 * lookback, ml_monitor.as_of()) }}

),

began as (

    select min(window_start) as began_at
    from {{ ref(monitor ~ '__checks') }}
    where available_at <= {{ ml_monitor.as_of() }}

),

evaluated as (

    select
        categories.category,
        coalesce(sum(case when in_scope.status <> 'not_evaluated' then 1 else 0 end), 0) as evaluated_count,
        max(in_scope.reason) as reason
    from categories
    left join in_scope on categories.category = in_scope.category
    group by categories.category

),

-- A day and its night for a window of a day, one more for a baseline, and the time that labels take.
expected as (

    select
        evaluated.*,
        {{ ml_monitor.date_add('hour', wait_hours, 'began.began_at') }} as expected_at,
        {{ ml_monitor.date_add('hour', wait_hours ~ ' + 168', 'began.began_at') }} > {{ ml_monitor.as_of() }} as is_early,
        {{ ml_monitor.date_add('hour', lookback, 'began.began_at') }} <= {{ ml_monitor.as_of() }} as is_known
    from evaluated
    cross join began

),

without_checks as (

    select
        {{ ml_monitor.message_start(spec) }}
        || case
            when is_early then 'not judged yet' || coalesce(' (' || reason || ')', '') || ', the first verdict is expected about '
                || cast(expected_at as {{ ml_monitor.text_type() }}) || '; it fails if there is none seven days later'
            else 'no check could be evaluated in the last {{ lookback }} hours before {{ ml_monitor.as_of_text() }}'
                || coalesce(' (' || reason || ')', ' (no window ended; is the source still alive?)')
        end
        || {{ ml_monitor.message_end(spec) }} as message,
        category,
        case when is_early then 'warn' else 'fail' end as status,
        coalesce(is_early and is_known, false) as is_repeat
    from expected
    where evaluated_count = 0{{ ' and 1 = 0' if ml_monitor.is_empty_run() }}

),

-- Features whose distribution no check could judge, 28 days included: said, but neither a warning nor a failure, since that is so every
-- day.
unjudged as (

    select
        subject as unjudged_subject,
        max(case when metric = 'psi' then reason end) as unjudged_reason,
        {{ ml_monitor.message_start(spec) }} || subject
        || ' is not judged: no check of its distribution could be evaluated in the last 28 days'
        || coalesce(' (' || max(case when metric = 'psi' then reason end) || ')', '') || {{ ml_monitor.message_end(spec) }} as message,
        category
    from {{ ref(monitor ~ '__checks') }}
    cross join began
    where
        metric in ('psi', 'mean_shift_sd', 'rest_share_change')
        and {{ ml_monitor.date_add('day', 30, 'began_at') }} <= {{ ml_monitor.as_of() }}
        and available_at <= {{ ml_monitor.as_of() }}
        and available_at > {{ ml_monitor.date_add('day', -28, ml_monitor.as_of()) }}
    group by category, subject
    having sum(case when status <> 'not_evaluated' or reason = 'no_baseline' and window_grain = 'day' then 1 else 0 end) = 0

),

{% if registry -%}
{{ ml_monitor.unapproved_versions(monitor, spec, registry, lookback) }}

{% endif -%}
final as (

    select
        {{ ml_monitor.as_of() }} as as_of,
        {{ columns | map('first') | reject('equalto', 'as_of') | join(',\n        ') }}
    from in_scope
    union all
    select
        {{ ml_monitor.typed_columns(columns, values, own=['category', 'status', 'is_repeat', 'message']) | indent(8) }}
    from without_checks
    union all
    select
        {{ ml_monitor.typed_columns(columns, unjudged_values, own=['category', 'message']) | indent(8) }}
    from unjudged
    {%- set failing = dict(values, category="'contract'", status="'fail'", is_repeat='false', subject='subject') %}
    {%- if registry %}
    union all
    select
        {{ ml_monitor.typed_columns(columns, dict(
            failing, metric="'unapproved_version'", subject='model_version', reason="'unapproved_version'"
        ), own=['message']) | indent(8) }}
    from unapproved
    {%- endif %}
    {%- if waivers %}
    union all
    select
        {{ ml_monitor.typed_columns(columns, dict(
            failing, metric='metric', message=waiver_message,
            reason='case when ' ~ is_known ~ " then 'expired_waiver' else 'unknown_metric' end"
        ), own=[]) | indent(8) }}
    from ({{ waivers }}) as waivers
    where coalesce(until <= {{ ml_monitor.as_of() }}, true) or not {{ is_known }}
    {%- endif %}
    {%- if changes %}
    union all
    select
        {{ ml_monitor.typed_columns(columns, dict(
            failing, metric="'expected_change'", message=change_message, reason="'unknown_subject'"
        ), own=[]) | indent(8) }}
    from ({{ changes }}) as expected_changes
    where
        changed_at is null
        or category not in ('*', 'drift', 'volume')
        or (monitor <> '*' and subject not in ({{ ml_monitor.string_list(['*'] + column_names) }}))
        or (category = 'volume' and subject <> '*')
    {%- endif %}

)

select * from final
{%- endmacro %}


{#- The columns of <m>__gate. -#}
{% macro gate_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['as_of', 'Moment that the gate speaks of (UTC); its tests fail if it is another than theirs.'],
        'monitor', 'category', 'status', 'is_repeat',
        ['reason', 'Why it could not be evaluated, no_checks for a category without evaluated checks; else NULL.'],
        ['metric', 'Name of the metric, as in docs/metrics.md of ml_monitor, or no_checks.'],
        'subject',
        ['window_grain', 'hour, day, 7_days, 28_days, month or baseline; NULL for no_checks.'],
        ['window_start', 'Start of the window (UTC), inclusive; NULL for no_checks.'],
        ['window_end', 'End of the window (UTC), exclusive; NULL for no_checks.'],
        ['baseline', 'What the window is compared with: serving, training, trailing (the 28 days before), seasonal (the same hour of '
            'earlier weeks), or none; NULL for no_checks.'],
        ['model_version', 'Model version; `__all__` for all together, NULL for no_checks.'],
        ['segment_name', 'Column the rows are segmented by; `__all__` for totals, NULL for no_checks.'],
        ['segment_value', 'Value of that column; `__all__` for totals, NULL for no_checks.'],
        'value', 'threshold', 'sample_size', 'message', 'owner',
        ['policy_id', 'Row of ml_policy_rules that asks for the check; NULL for no_checks.'],
        ['check_id', 'string', 'Check, as in <m>__checks; NULL for no_checks.'],
    ])) -%}
{% endmacro %}

{#-
  Model <m>__gate: the checks that decide whether consumers may run: those that became possible to judge in the last
  var ml_gate_lookback_hours (48) before as_of. One test per category stands on it.

  A category with checks but none that could be evaluated is a failure, `no_checks`; so is a category without any. The one
  exception is a baseline that is still forming, which warns.

  Arguments: monitor (string).
  Columns: gate_columns.
-#}
{% macro gate(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['checks'], materialized='view', access='public') -}}
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
        'monitor': "'" ~ monitor ~ "'", 'is_repeat': 'false', 'reason': "'no_checks'", 'metric': "'no_checks'", 'subject': "'__rows__'",
        'sample_size': 0, 'owner': ml_monitor.string_literal(spec.owner),
    } -%}
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
        and available_at > {{ ml_monitor.date_add('hour', -1 * ml_monitor.setting('gate_lookback_hours'), ml_monitor.as_of()) }}

),

evaluated as (

    select
        categories.category,
        coalesce(sum(case when in_scope.status <> 'not_evaluated' then 1 else 0 end), 0) as evaluated_count,
        coalesce(sum(case when in_scope.reason = 'no_baseline' then 1 else 0 end), 0) as no_baseline_count,
        max(in_scope.reason) as reason
    from categories
    left join in_scope on categories.category = in_scope.category
    group by categories.category

),

without_checks as (

    select
        {{ ml_monitor.message_start(spec) }}
        || 'no check could be evaluated in the last {{ ml_monitor.setting('gate_lookback_hours') }} hours'
        || ' before {{ ml_monitor.as_of_text() }}'
        || coalesce(' (' || reason || ')', ' (no window ended; is the source still alive?)')
        || {{ ml_monitor.message_end(spec) }} as message,
        category,
        case when no_baseline_count > 0 then 'warn' else 'fail' end as status
    from evaluated
    where evaluated_count = 0{{ ' and 1 = 0' if ml_monitor.is_empty_run() }}

),

final as (

    select
        {{ columns | map('first') | join(',\n        ') }}
    from in_scope
    union all
    select
        {{ ml_monitor.typed_columns(columns, values, own=['category', 'status', 'message']) | indent(8) }}
    from without_checks

)

select * from final
{%- endmacro %}


{#- The columns of <m>__gate. -#}
{% macro gate_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'monitor', 'category', 'status', 'is_repeat',
        ['reason', 'Why it could not be evaluated, no_checks for a category without evaluated checks; else NULL.'],
        ['metric', 'Name of the metric, as in docs/metrics.md, or no_checks.'],
        'subject',
        ['window_grain', 'hour, day, week, rolling or month; NULL for no_checks.'],
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

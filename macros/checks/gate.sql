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
    {%- set text = ml_monitor.text_type() -%}
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

final as (

    select
        monitor,
        category,
        status,
        is_repeat,
        reason,
        metric,
        subject,
        window_grain,
        window_start,
        window_end,
        baseline,
        model_version,
        segment_name,
        segment_value,
        value,
        threshold,
        sample_size,
        message,
        owner,
        policy_id,
        check_id
    from in_scope
    union all
    select
        cast('{{ monitor }}' as {{ text }}) as monitor,
        cast(category as {{ text }}) as category,
        cast(case when no_baseline_count > 0 then 'warn' else 'fail' end as {{ text }}) as status,
        false as is_repeat,
        cast('no_checks' as {{ text }}) as reason,
        cast('no_checks' as {{ text }}) as metric,
        cast('__rows__' as {{ text }}) as subject,
        cast(null as {{ text }}) as window_grain,
        cast(null as timestamp) as window_start,
        cast(null as timestamp) as window_end,
        {%- for name in ['baseline', 'model_version', 'segment_name', 'segment_value'] %}
        cast(null as {{ text }}) as {{ name }},
        {%- endfor %}
        {{ ml_monitor.float64('null') }} as value,
        {{ ml_monitor.float64('null') }} as threshold,
        cast(0 as bigint) as sample_size,
        cast(
            '{{ monitor }} ' || category || ': no check could be evaluated in the last {{ ml_monitor.setting('gate_lookback_hours') }} hours before {{ ml_monitor.as_of_text() }}'
            || coalesce(' (' || reason || ')', ' (no window ended; is the source still alive?)')
            || ' owner ' || {{ ml_monitor.string_literal(spec.owner or 'nobody') }} || ', docs/gates/' || category || '.md'
            as {{ text }}
        ) as message,
        cast({{ ml_monitor.string_literal(spec.owner) }} as {{ text }}) as owner,
        cast(null as {{ text }}) as policy_id,
        cast(null as {{ text }}) as check_id
    from evaluated
    where evaluated_count = 0{{ ' and 1 = 0' if ml_monitor.is_empty_run() }}

)

select * from final
{%- endmacro %}


{#- The columns of <m>__gate: lists of name, type and description. -#}
{% macro gate_columns() %}
    {%- do return([
        ['monitor', 'string', 'Name of the monitor.'],
        ['category', 'string', 'Gate it belongs to: contract, freshness, volume, quality, drift or performance.'],
        ['status', 'string', 'pass, warn, fail or not_evaluated; not_evaluated is never a pass.'],
        ['is_repeat', 'boolean', 'True if the status is warn or fail and the window before had the same one.'],
        ['reason', 'string', 'Why it could not be evaluated, no_checks for a category without evaluated checks; else NULL.'],
        ['metric', 'string', 'Name of the metric, as in docs/metrics.md, or no_checks.'],
        ['subject', 'string', 'Column, join or dataset it speaks of; `__rows__` for the monitor as a whole.'],
        ['window_grain', 'string', 'hour, day, week, rolling or month; NULL for no_checks.'],
        ['window_start', 'timestamp', 'Start of the window (UTC), inclusive; NULL for no_checks.'],
        ['window_end', 'timestamp', 'End of the window (UTC), exclusive; NULL for no_checks.'],
        ['baseline', 'string', 'What the window is compared with: serving, training, rolling (the 28 days before), season (the same hour of earlier weeks), or none; NULL for no_checks.'],
        ['model_version', 'string', 'Model version; `__all__` for all together, NULL for no_checks.'],
        ['segment_name', 'string', 'Column the rows are segmented by; `__all__` for totals, NULL for no_checks.'],
        ['segment_value', 'string', 'Value of that column; `__all__` for totals, NULL for no_checks.'],
        ['value', 'double', 'Value of the metric in its unit; NULL where it is undefined.'],
        ['threshold', 'double', 'Limit that was crossed, in the unit of the value; if none was, the fail limit, else the warn limit.'],
        ['sample_size', 'bigint', 'Rows behind the value.'],
        ['message', 'string', 'What was found, for people; NULL for pass.'],
        ['owner', 'string', 'Who acts on it.'],
        ['policy_id', 'string', 'Row of ml_policy_rules that asks for the check; NULL for no_checks.'],
        ['check_id', 'string', 'Check, as in <m>__checks; NULL for no_checks.'],
    ]) -%}
{% endmacro %}

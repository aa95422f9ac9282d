{#-
  The checks that <m>__history records: those whose verdict is new, or not what the history last said.
  Arguments: monitor (string). Columns: check_history_columns.
-#}
{% macro check_history_select(monitor) -%}
    {%- set text = ml_monitor.text_type() -%}
with

checks as (

    select * from {{ ref(monitor ~ '__checks') }}

),

{% if ml_monitor.is_incremental() -%}
known as (

    select
        check_id,
        status,
        reason,
        value,
        row_number() over (partition by check_id order by recorded_at desc) as recency
    from {{ this }}
    where record = 'check'

),

{% endif -%}
final as (

    select
        {%- for name in ['check_id', 'monitor', 'policy_id', 'category', 'metric', 'subject', 'window_grain', 'window_start', 'window_end', 'status', 'reason', 'value', 'threshold', 'sample_size', 'message', 'declaration_hash'] %}
        checks.{{ name }},
        {%- endfor %}
        cast('{{ invocation_id }}' as {{ text }}) as invocation_id,
        {{ ml_monitor.as_of() }} as as_of,
        {{ ml_monitor.timestamp_literal(run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f')) }} as recorded_at
    from checks
    {%- if ml_monitor.is_incremental() %}
    left join known on checks.check_id = known.check_id and known.recency = 1
    where
        known.check_id is null
        or known.status <> checks.status
        or coalesce(known.reason, '') <> coalesce(checks.reason, '')
        or (known.value is null and checks.value is not null)
        or (known.value is not null and checks.value is null)
        or abs(known.value - checks.value) > 1e-9 * {{ ml_monitor.greatest_of([1, 'abs(known.value)']) }}
    {%- endif %}

)

select * from final
{%- endmacro %}


{#- The columns of ml_check_history: lists of name, type and description. -#}
{% macro check_history_columns() %}
    {%- do return([
        ['check_id', 'string', 'Check, as in <m>__checks.'],
        ['monitor', 'string', 'Name of the monitor.'],
        ['policy_id', 'string', 'Row of ml_policy_rules that asks for the check.'],
        ['category', 'string', 'Gate it belongs to: contract, freshness, volume, quality, drift or performance.'],
        ['metric', 'string', 'Name of the metric, as in docs/metrics.md.'],
        ['subject', 'string', 'Column, join or dataset it speaks of; `__rows__` for the monitor as a whole.'],
        ['window_grain', 'string', 'hour, day, week, rolling or month.'],
        ['window_start', 'timestamp', 'Start of the window (UTC), inclusive.'],
        ['window_end', 'timestamp', 'End of the window (UTC), exclusive.'],
        ['status', 'string', 'pass, warn, fail or not_evaluated; not_evaluated is never a pass.'],
        ['reason', 'string', 'Why it could not be evaluated (such as insufficient_sample, no_baseline, immature_labels, no_declared_count, no_offline_rows, restless, maintenance, undefined); else NULL.'],
        ['value', 'double', 'Value of the metric in its unit; NULL where it is undefined.'],
        ['threshold', 'double', 'Limit that was crossed, in the unit of the value; if none was, the fail limit, else the warn limit.'],
        ['sample_size', 'bigint', 'Rows behind the value.'],
        ['message', 'string', 'What was found, for people; NULL for pass.'],
        ['declaration_hash', 'string', 'Hash of the declaration that the row was built under.'],
        ['invocation_id', 'string', 'dbt run that found it.'],
        ['as_of', 'timestamp', 'Moment that the run spoke of (UTC).'],
        ['recorded_at', 'timestamp', 'Start of the run (UTC).'],
    ]) -%}
{% endmacro %}

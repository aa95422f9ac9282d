{#-
  Model <m>__check_history: what was believed, and when. Append-only, and not emptied by --full-refresh: each run adds the
  checks whose verdict is new or not what the history last said.

  Arguments: monitor (string).
  Columns: check_id, monitor, policy_id, category, metric, subject, window_grain, window_start, window_end, status, reason, value, threshold, sample_size, message,
  declaration_hash, invocation_id (of dbt), as_of (UTC), recorded_at (UTC, start of the run)
-#}
{% macro check_history(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='append', full_refresh=false, on_schema_change='append_new_columns', sql_header=ml_monitor.planner_settings()) -}}
    {%- set text = dbt.type_string() -%}
    {%- set ctes -%}
checks as (

    select * from {{ ref(monitor ~ '__checks') }}

),

{% if is_incremental() -%}
known as (

    select
        check_id,
        status,
        reason,
        value,
        row_number() over (partition by check_id order by recorded_at desc) as recency
    from {{ this }}

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
    {%- if is_incremental() %}
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
    {%- endset -%}
{{ ml_monitor.select_if_any('check_history', monitor, ctes) }}
{% endmacro %}

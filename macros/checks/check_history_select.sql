{#-
  The checks that <m>__history records: those whose verdict is new, or not what the history last said.
  Arguments: monitor (string). Columns: check_history_columns.
-#}
{% macro check_history_select(monitor) -%}
with

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

    select checks.*
    from {{ ml_monitor.aliased(ref(monitor ~ '__checks'), 'checks') }}
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

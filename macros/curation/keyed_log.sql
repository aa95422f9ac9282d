{#-
  The select of an append-only log that keeps every raw row once and knows which row of each key is current.

  New rows are found by ingest hour: the hours whose raw row count differs from the log's are compared row by row, with
  multiplicity, so there is no look-back and nothing that becomes visible late is missed. Rows of the same keys that are
  already logged are ranked again with the new ones; whole key groups are rewritten (delete+insert on ml_key_hash). A row
  keeps its batch unless its state changed, so a replaced row marks the hour it leaves.

  Arguments:
    staging (relation), columns (list of SQL names), key (SQL name)
    event_time, ingest_time (SQL names; a missing ingest time falls back to the event time)
    reasons (list of [condition, reason]): the first true condition quarantines the row
    untrusted_times (list of reasons): rows quarantined for these count for their ingest hour
    winner (list of order-by terms): the first row of a key is current
-#}
{% macro keyed_log(staging, columns, key, event_time, ingest_time, reasons, untrusted_times, winner) %}
    {%- set ingested = ml_monitor.ingested_at(event_time, ingest_time) -%}
    {%- set run_batch = (run_started_at.timestamp() * 1000) | int -%}
    {%- set derived = ['ml_quarantine_reason', 'ml_ingest_hour', 'ml_key_hash'] -%}
    {%- set text = dbt.type_string() -%}
    {#- Rows without a key spread over the hash by their time. -#}
    {%- set key_hash = ml_monitor.key_hash('coalesce(cast(' ~ key ~ ' as ' ~ text ~ '), cast(' ~ ingested ~ ' as ' ~ text ~ "), '')") -%}
    {#- A tie is broken by content: the row hash would do, but is another one on every engine. -#}
    {%- set order_by = winner | join(', ') ~ ', ' ~ columns | join(' nulls last, ') ~ ' nulls last' -%}
with

raw_rows {{ ml_monitor.as_inlined() }} (

    select
        {{ columns | join(',\n        ') }},
        case
            {%- for condition, reason in reasons %}
            when {{ condition }} then {{ ml_monitor.string_literal(reason) }}
            {%- endfor %}
        end as ml_quarantine_reason,
        {{ ml_monitor.ingest_hour(event_time, ingest_time) }} as ml_ingest_hour,
        {{ key_hash }} as ml_key_hash
    from {{ staging }}
    {%- if ml_monitor.is_as_of_given() %}
    where {{ ml_monitor.known_at_as_of(event_time, ingest_time) }}
    {%- endif %}

),

{% if is_incremental() -%}
raw_hours as (

    select ml_ingest_hour, count(*) as row_count from raw_rows group by ml_ingest_hour

),

logged_hours as (

    select ml_ingest_hour, count(*) as row_count from {{ this }} group by ml_ingest_hour

),

changed_hours as (

    select raw_hours.ml_ingest_hour
    from raw_hours
    left join logged_hours on raw_hours.ml_ingest_hour = logged_hours.ml_ingest_hour
    where logged_hours.row_count is null or raw_hours.row_count <> logged_hours.row_count

),

arrived as (

    select
        *,
        row_number() over (partition by row_hash order by ml_ingest_hour) as copy_number
    from (
        select
            *,
            {{ ml_monitor.row_hash(columns) }} as row_hash
        from raw_rows
        where ml_ingest_hour in (select ml_ingest_hour from changed_hours)
    ) as hashed

),

logged as (

    select
        row_hash,
        row_number() over (partition by row_hash order by row_hash) as copy_number
    from (
        select {{ ml_monitor.row_hash(columns) }} as row_hash
        from {{ this }}
        where ml_ingest_hour in (select ml_ingest_hour from changed_hours)
    ) as hashed

),

new_rows as (

    select arrived.*
    from arrived
    left join logged
        on arrived.row_hash = logged.row_hash and arrived.copy_number = logged.copy_number
    where logged.row_hash is null

),

candidates as (

    select
        {{ (columns + derived) | join(',\n        ') }},
        cast(null as {{ text }}) as logged_state,
        cast(null as bigint) as logged_batch
    from new_rows
    union all
    select
        {{ (columns + derived) | join(',\n        ') }},
        ml_row_state as logged_state,
        ml_batch as logged_batch
    from {{ this }}
    where ml_key_hash in (select ml_key_hash from new_rows)

),

-- One logged row: if the engine now hashes its key otherwise, the cast below fails with this text.
hash_guard as (

    select case
        when ml_key_hash <> {{ key_hash }}
            then cast('the hash function of the database changed since {{ this.identifier }} was written; rebuild it: dbt build --full-refresh -s {{ this.identifier }}+ ' || cast(ml_key_hash as {{ text }}) as int)
        end as guard
    from (select * from {{ this }} limit 1) as one_row

),

next_batch as (

    select greatest({{ run_batch }}, coalesce(max(ml_batch), 0) + 1) + (select count(guard) from hash_guard) as batch
    from {{ this }}

),
{%- else -%}
candidates {{ ml_monitor.as_inlined() }} (

    select
        *,
        cast(null as {{ text }}) as logged_state,
        cast(null as bigint) as logged_batch
    from raw_rows

),

next_batch as (

    select cast({{ run_batch }} as bigint) as batch

),
{%- endif %}

-- Only keys with several rows need a ranking: about one in a hundred. Reads nothing but the key.
contested_keys as (

    select {{ key }} as contested_key
    from candidates
    group by {{ key }}
    having count(*) > 1

),

stated as (

    select
        *,
        case
            when row_number() over (partition by {{ key }} order by {{ order_by }}) = 1 then 'current'
            else 'duplicate'
        end as ml_row_state
    from candidates
    where ml_quarantine_reason is null and {{ key }} in (select contested_key from contested_keys)
    union all
    select
        *,
        case when ml_quarantine_reason is null then 'current' else 'quarantined' end as ml_row_state
    from candidates
    where ml_quarantine_reason is not null or not exists (select 1 from contested_keys where contested_keys.contested_key = {{ key }})

),

final as (

    select
        {{ columns | join(',\n        ') }},
        cast(stated.ml_row_state as {{ text }}) as ml_row_state,
        cast(stated.ml_quarantine_reason as {{ text }}) as ml_quarantine_reason,
        case
            when stated.ml_quarantine_reason in ('{{ untrusted_times | join("', '") }}') then stated.ml_ingest_hour
            else coalesce({{ ml_monitor.truncate('hour', event_time) }}, stated.ml_ingest_hour)
        end as ml_event_hour,
        stated.ml_ingest_hour,
        stated.ml_key_hash,
        cast(case when stated.ml_row_state = stated.logged_state then stated.logged_batch else (select batch from next_batch) end as bigint) as ml_batch
    from stated

)

select * from final
{%- endmacro %}

{#-
  The select of an append-only log that keeps every raw row once and knows which row of each key is current.

  New rows are found by ingest hour: the hours whose raw row count differs from the log's are compared row by row, with
  multiplicity, so there is no look-back and nothing that becomes visible late is missed. Rows of the same keys that are
  already logged are ranked again with the new ones; whole key groups are rewritten (delete+insert on ml_key_hash). A row
  keeps its batch unless its state changed, so a replaced row marks the hour it leaves.

  Hours that were logged under another declaration of the log (its columns, types, reasons), and those between ML_REBUILD_FROM
  and ML_REBUILD_TO, are read from staging again as a whole. Hours that staging no longer has in full stay as they were logged.

  Arguments:
    macro, monitor (strings: of the model)
    staging (relation), declared (list of columns of a spec), declaration_hash (string: the present one), key (SQL name)
    event_time, ingest_time (SQL names; a missing ingest time falls back to the event time)
    reasons (list of [condition, reason]): the first true condition quarantines the row
    untrusted_times (list of reasons): rows quarantined for these count for their ingest hour
    winner (list of order-by terms): the first row of a key is current
    not_content (list of roles): columns in which copies of one row may differ
    replay_after_minutes (number): a duplicate that was ingested so much later than the current row is a replay
    deletions (relation ml_deletions), erased_by (`entity` or `prediction`), erased_key (SQL name, may be none): rows whose key
      is on record there, ingested before the time on record, keep their times and version and nothing else (state `deleted`)
-#}
{% macro keyed_log(macro, monitor, staging, declared, declaration_hash, key, event_time, ingest_time, reasons, untrusted_times, winner,
    not_content, replay_after_minutes, deletions, erased_by, erased_key) %}
    {%- set columns = declared | map(attribute='sql') | list -%}
    {%- set range = ml_monitor.rebuild_range() -%}
    {%- set clock = ingest_time or event_time -%}
    {%- set read_rows = 'changed_rows' if ml_monitor.is_incremental() else 'raw_rows' -%}
    {%- set rows = 'readable_rows' if erased_key else read_rows -%}
    {%- set ingested = ml_monitor.ingested_at(event_time, ingest_time) -%}
    {%- set run_batch = (run_started_at.timestamp() * 1000) | int -%}
    {%- set derived = ['ml_quarantine_reason', 'ml_ingest_hour', 'ml_key_hash'] -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set content = declared | rejectattr('role', 'in', not_content) | map(attribute='sql') | list -%}
    {%- set kinds = {'ml_duplicate_kind': text, 'ml_is_replay': 'boolean'} -%}
    {#- Rows without a key spread over the hash by their time. -#}
    {%- set row_key = 'coalesce(cast(' ~ key ~ ' as ' ~ text ~ '), cast(' ~ ingested ~ ' as ' ~ text ~ "), '')" -%}
    {%- set key_hash = ml_monitor.key_hash(row_key) -%}
    {%- set kept_roles = ml_monitor.roles_kept_of_deleted() -%}
    {%- set erased_row_key = ml_monitor.erased_row_key(event_time, ingest_time, 'ml_quarantine_reason is null') -%}
    {%- set on_record = 'select 1 from erased_keys where erased_keys.ml_erased_hash = case when exists (select 1 from erased_keys) then '
        ~ dbt.hash(erased_key) ~ ' end and ' ~ ingested ~ ' < erased_keys.ml_deleted_until' -%}
    {#- A tie is broken by content: the row hash would do, but is another one on every engine. -#}
    {%- set standing = ml_monitor.row_standing('stated.ml_row_state', 'stated.ml_duplicate_kind', 'stated.ml_is_replay') -%}
    {%- set order_by = winner | join(', ') ~ ', ' ~ columns | join(' nulls last, ') ~ ' nulls last' -%}
-- ml_monitor.{{ macro }}('{{ monitor }}')
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

{% if ml_monitor.is_incremental() -%}
{{ ml_monitor.changed_log_rows(key_hash, declaration_hash, range, clock) }}

{% endif -%}
{% if erased_key -%}
-- Written so that nothing is hashed as long as nothing is on record.
erased_keys as (

    select key_hash as ml_erased_hash, max(deleted_until) as ml_deleted_until from {{ deletions }}
        where monitor = '{{ monitor }}' and subject = '{{ erased_by }}' group by key_hash

),

readable_rows {{ ml_monitor.as_inlined() }} (

    select *
    from {{ read_rows }}
    where not exists ({{ on_record }})
    union all
    select
        {%- for column in declared %}
        {{ column.sql if column.role in kept_roles and column.sql != event_time else
            'case when ml_quarantine_reason is null then ' ~ column.sql ~ ' end as ' ~ column.sql if column.sql == event_time else
            'null as ' ~ column.sql }},
        {%- endfor %}
        'deleted' as ml_quarantine_reason,
        ml_ingest_hour,
        {{ ml_monitor.key_hash(erased_row_key) }} as ml_key_hash
    from {{ read_rows }}
    where exists ({{ on_record }})

),

{% endif -%}
{% if ml_monitor.is_incremental() -%}
{{ ml_monitor.new_log_rows(columns, derived, rows, run_batch) }}

{%- else -%}
candidates {{ ml_monitor.as_inlined() }} (

    select
        *,
        cast(null as {{ text }}) as ml_logged_state,
        cast(null as bigint) as ml_logged_batch
    from {{ rows }}

),

next_batch as (

    select cast({{ run_batch }} as bigint) as batch

),
{%- endif %}

-- Only keys with several rows need a ranking: about one in a hundred. Reads nothing but the key; more keys do no harm.
contested_keys as (

    select {{ key }} as contested_key
    from {{ 'candidates' if ml_monitor.is_incremental() or erased_key else staging }}
    group by {{ key }}
    having count(*) > 1

),

ranked as (

    select
        *,
        row_number() over (partition by {{ key }} order by {{ order_by }}) as ml_key_rank,
        {{ ml_monitor.row_hash(content) }} as ml_content_hash
    from candidates
    where ml_quarantine_reason is null and {{ key }} in (select contested_key from contested_keys)

),

stated as (

    select
        {{ (columns + derived + ['ml_logged_state', 'ml_logged_batch']) | join(',\n        ') }},
        case when ml_key_rank = 1 then 'current' else 'duplicate' end as ml_row_state,
        case
            when ml_key_rank = 1 then null
            when ml_content_hash = max(case when ml_key_rank = 1 then ml_content_hash end) over (partition by {{ key }}) then 'exact'
            else 'conflicting'
        end as ml_duplicate_kind,
        case when ml_key_rank > 1 then
            coalesce({{ ml_monitor.minutes_between('max(case when ml_key_rank = 1 then ' ~ clock ~ ' end) over (partition by ' ~ key ~ ')',
                clock) }} > {{ replay_after_minutes }}, false)
        end as ml_is_replay
    from ranked
    union all
    select
        {{ (columns + derived + ['ml_logged_state', 'ml_logged_batch']) | join(',\n        ') }},
        case when ml_quarantine_reason is null then 'current' when ml_quarantine_reason = 'deleted' then 'deleted' else 'quarantined' end
            as ml_row_state,
        {%- for name, type in kinds.items() %}
        cast(null as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from candidates
    where ml_quarantine_reason is not null or not exists (select 1 from contested_keys where contested_keys.contested_key = {{ key }})

),

final as (

    select
        {{ columns | join(',\n        ') }},
        cast(stated.ml_row_state as {{ text }}) as ml_row_state,
        cast(stated.ml_quarantine_reason as {{ text }}) as ml_quarantine_reason,
        {%- for name, type in kinds.items() %}
        cast(stated.{{ name }} as {{ type }}) as {{ name }},
        {%- endfor %}
        case
            when stated.ml_quarantine_reason in ('{{ untrusted_times | join("', '") }}') then stated.ml_ingest_hour
            else {{ ml_monitor.hour_within_reach('coalesce(' ~ ml_monitor.truncate('hour', event_time) ~ ', stated.ml_ingest_hour)') }}
        end as ml_event_hour,
        stated.ml_ingest_hour,
        stated.ml_key_hash,
        cast(case
            when {{ standing }} = stated.ml_logged_state then stated.ml_logged_batch else (select batch from next_batch)
        end as bigint) as ml_batch,
        cast('{{ declaration_hash }}' as {{ text }}) as ml_declaration_hash
    from stated

)

select * from final
{%- endmacro %}


{#-
  The rows of an incremental run that are not logged yet, with the logged rows of their keys: CTEs ending in `candidates` and `next_batch`.
  Arguments: columns, derived (lists of SQL names), rows (CTE name), run_batch (int).
-#}
{% macro new_log_rows(columns, derived, rows, run_batch) -%}
{%- set text = ml_monitor.text_type() -%}
arrived as (

    select
        *,
        row_number() over (partition by ml_row_hash order by ml_ingest_hour) as ml_copy_number
    from (
        select
            *,
            {{ ml_monitor.row_hash(columns + ['ml_ingest_hour', 'ml_key_hash']) }} as ml_row_hash
        from {{ rows }}
    ) as hashed

),

logged as (

    select
        ml_row_hash,
        row_number() over (partition by ml_row_hash order by ml_row_hash) as ml_copy_number
    from (
        select {{ ml_monitor.row_hash(columns + ['ml_ingest_hour', 'ml_key_hash']) }} as ml_row_hash
        from {{ this }}
        where
            ml_ingest_hour in (select ml_ingest_hour from changed_hours)
            and ml_ingest_hour not in (select ml_ingest_hour from changed_hours where is_reread = 1)
    ) as hashed

),

new_rows as (

    select arrived.*
    from arrived
    left join logged
        on arrived.ml_row_hash = logged.ml_row_hash and arrived.ml_copy_number = logged.ml_copy_number
    where logged.ml_row_hash is null

),

-- Few of the new keys are in the log already.
{{ ml_monitor.located_keys('logged_keys', this, ml_monitor.distinct_values('ml_key_hash', 'key_hash', 'new_rows', '1 = 1')) }}

candidates as (

    select
        {{ (columns + derived) | join(',\n        ') }},
        cast(null as {{ text }}) as ml_logged_state,
        cast(null as bigint) as ml_logged_batch
    from new_rows
    union all
    select
        {{ (columns + derived) | join(',\n        ') }},
        {{ ml_monitor.row_standing('ml_row_state', 'ml_duplicate_kind', 'ml_is_replay') }} as ml_logged_state,
        ml_batch as ml_logged_batch
    from {{ this }}
    where
        {{ ml_monitor.at_located_keys('logged_keys') | indent(8) }}
        and ml_ingest_hour not in (select ml_ingest_hour from changed_hours where is_reread = 1)

),

next_batch as (

    select {{ ml_monitor.greatest_of([run_batch, 'coalesce(max(ml_batch), 0) + 1']) }} as batch
    from {{ this }}

),
{%- endmacro %}


{#-
  The raw rows that an incremental run reads, as CTEs ending in `changed_hours` (ml_ingest_hour, is_reread) and `changed_rows`.
  Arguments: key_hash (SQL), declaration_hash (string), range (list of two SQL timestamps to read again, or none), clock (SQL name).
-#}
{% macro changed_log_rows(key_hash, declaration_hash, range, clock) -%}
{%- set text = ml_monitor.text_type() -%}
raw_hours as (

    select ml_ingest_hour, count(*) as row_count from raw_rows group by ml_ingest_hour

),

logged_hours as (

    select
        ml_ingest_hour,
        count(*) as row_count,
        max(case when ml_declaration_hash = '{{ declaration_hash }}' then 0 else 1 end) as is_outdated
    from {{ this }}
    group by ml_ingest_hour

),

-- One logged row: if the engine now hashes its key otherwise, the cast below fails with this text.
hash_guard as (

    select case
        when ml_key_hash <> {{ key_hash }}
            then cast(
                'the hash function of the database changed since {{ this.identifier }} was written; '
                || 'rebuild it: dbt build --full-refresh -s {{ this.identifier }}+ ' || cast(ml_key_hash as {{ text }}) as int
            )
        end as guard
    from (select * from {{ this }} where ml_row_state <> 'deleted' limit 1) as one_row

),

-- Hours to read again as a whole, whose rows in the log are replaced, and others with new rows.
compared_hours as (

    select
        raw_hours.ml_ingest_hour,
        case
            when raw_hours.row_count >= logged_hours.row_count
                and (
                    logged_hours.is_outdated = 1
                    {%- if range %}
                    or (raw_hours.ml_ingest_hour >= {{ range[0] }} and raw_hours.ml_ingest_hour < {{ range[1] }})
                    {%- endif %}
                )
                then 1
            else 0
        end as is_reread,
        case when raw_hours.row_count = logged_hours.row_count then 0 else 1 end as is_new
    from raw_hours
    left join logged_hours on raw_hours.ml_ingest_hour = logged_hours.ml_ingest_hour

),

changed_hours as (

    select ml_ingest_hour, is_reread from compared_hours where is_reread = 1 or is_new = 1
    union all
    -- Never an hour: if there is a guard, it fails.
    select cast(null as timestamp) as ml_ingest_hour, guard as is_reread from hash_guard where guard is not null

),

changed_times as (

    {{ ml_monitor.distinct_values(clock, 'changed_time', 'raw_rows', 'ml_ingest_hour in (select ml_ingest_hour from changed_hours)') }}

),

-- By the bare column, so that files and row groups of other hours are not read.
changed_rows as (

    select *
    from raw_rows
    where {{ clock }} in (select changed_time from changed_times)
    union all
    select *
    from raw_rows
    where {{ clock }} is null and ml_ingest_hour in (select ml_ingest_hour from changed_hours)

),
{%- endmacro %}


{#- What a row counts as, in one text: its state, and of a duplicate which kind. A row whose text changed belongs to a new batch. -#}
{% macro row_standing(state, kind, is_replay) %}
    {%- do return(state ~ " || coalesce(' ' || " ~ kind ~ ", '') || case when " ~ is_replay ~ " then ' replay' else '' end") -%}
{% endmacro %}

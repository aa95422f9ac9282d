{#-
  Model <m>__inferences_log: every raw row of the inference log once, with its state.

  A row that cannot be used is quarantined with its reason. Among the others the winner of a prediction id is the first
  by ingest time, then by its columns in their order: content decides, never the order of arrival.

  Arguments: monitor (string).
  Columns: those of stg_<m>__inferences, then
    ml_row_state          current, duplicate, quarantined, or deleted (by delete_entity)
    ml_quarantine_reason  missing_prediction_id, missing_event_time, event_too_old, event_after_ingest, invalid_sampling_fraction,
                          invalid_score, invalid:<column> (a hard column), rule:<name> (a hard rule), deleted; else null
    ml_duplicate_kind     of a duplicate: exact (equal to the current row but for ingest_time and request_id), or conflicting
    ml_is_replay          of a duplicate: it came more than the declared replay_after_minutes after the current row
    ml_event_hour         the hour the row counts for: of its event, or of its ingest if it has no credible event time
    ml_ingest_hour        the hour it was ingested in
    ml_key_hash           where incremental runs look for rows of the same prediction id
    ml_batch              the run (milliseconds) that wrote or last changed the row
    ml_declaration_hash   the declaration of the log that the row was read under
-#}
{% macro inferences_log(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['stg_inferences', 'ml_deletions'], key='ml_key_hash',
        on_schema_change='sync_all_columns') -}}
    {%- if execute -%}{{ ml_monitor.inferences_log_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__inferences_log. Arguments: monitor (string). -#}
{% macro inferences_log_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set prediction_id = ml_monitor.role_column(spec.inferences, 'prediction_id') -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set ingest_time = ml_monitor.role_column(spec.inferences, 'ingest_time') -%}
    {%- set reasons = [
        [prediction_id ~ ' is null', 'missing_prediction_id'],
        [event_time ~ ' is null', 'missing_event_time'],
        [event_time ~ ' < ' ~ ml_monitor.timestamp_literal(spec.event_not_before), 'event_too_old'],
    ] -%}
    {%- if ingest_time -%}
        {%- set latest = ml_monitor.date_add('minute', spec.event_tolerance_minutes, ingest_time) -%}
        {%- set reasons = reasons + [[event_time ~ ' > ' ~ latest, 'event_after_ingest']] -%}
    {%- endif -%}
    {%- set fraction = ml_monitor.sampling_fraction(spec) -%}
    {%- if fraction -%}
        {%- set reasons = reasons + [['not (' ~ fraction.is_valid ~ ')', 'invalid_sampling_fraction']] -%}
    {%- endif -%}
    {%- set reasons = reasons + ml_monitor.hard_reasons(spec) -%}
    {{- ml_monitor.keyed_log(
        macro='inferences_log',
        monitor=monitor,
        staging=ref('stg_' ~ monitor ~ '__inferences'),
        declared=spec.inferences,
        declaration_hash=ml_monitor.declaration_hash(spec, 'inferences_log'),
        key=prediction_id,
        event_time=event_time,
        ingest_time=ingest_time,
        reasons=reasons,
        untrusted_times=['missing_event_time', 'event_too_old', 'event_after_ingest'],
        deletions=ref('ml_monitor', 'ml_deletions'),
        erased_by='entity',
        erased_key=ml_monitor.role_column(spec.inferences, 'entity_id'),
        winner=[(ingest_time or event_time) ~ ' nulls last'],
        not_content=['ingest_time', 'request_id'],
        replay_after_minutes=spec.replay_after_minutes
    ) }}
{% endmacro %}


{#-
  What a usable row must keep, as [condition that breaks it, reason]: the range of a score, what `hard` columns declare, and hard rules.
  NULL breaks only `max_null_rate: 0`.
-#}
{% macro hard_reasons(spec) %}
    {%- set ns = namespace(reasons=[]) -%}
    {%- for column in spec.inferences if column.hard or column.role == 'score' -%}
        {%- set reason = 'invalid_score' if column.role == 'score' else 'invalid:' ~ column.name -%}
        {%- set conditions = [] -%}
        {%- if column.kind == 'numeric' -%}
            {#- NaN sorts above every number on every engine, so it is outside any range. -#}
            {%- set low = ml_monitor.float64(column.min if column.min is not none else "'-1e308'") -%}
            {%- set high = ml_monitor.float64(column.max if column.max is not none else "'1e308'") -%}
            {%- set value = ml_monitor.float64(ml_monitor.monitored_value(column)) -%}
            {%- set conditions = conditions + ['not (' ~ value ~ ' between ' ~ low ~ ' and ' ~ high ~ ')'] -%}
        {%- elif column.hard -%}
            {%- set broken = ml_monitor.is_unaccepted(ml_monitor.value_text(column.sql, column.data_type), column) -%}
            {%- set conditions = conditions + ([broken] if broken else []) -%}
        {%- endif -%}
        {%- if column.hard and column.max_null_rate == 0 -%}
            {%- set conditions = conditions + [column.sql ~ ' is null'] -%}
        {%- endif -%}
        {%- if conditions -%}{%- set ns.reasons = ns.reasons + [[conditions | join(' or '), reason]] -%}{%- endif -%}
    {%- endfor -%}
    {%- for rule in spec.rules if rule.hard -%}
        {%- set ns.reasons = ns.reasons + [['not (' ~ rule.condition ~ ')', 'rule:' ~ rule.name]] -%}
    {%- endfor -%}
    {%- do return(ns.reasons) -%}
{% endmacro %}


{#- The columns that the log adds to those of staging. -#}
{% macro inferences_log_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'ml_row_state',
        ['ml_quarantine_reason', 'string', 'missing_prediction_id, missing_event_time, event_too_old, event_after_ingest, '
            'invalid_sampling_fraction, invalid_score, invalid:<column>, rule:<name>, or deleted; NULL if the row is usable.'],
        ['ml_duplicate_kind', 'string', 'Of a duplicate: exact if all but ingest_time and request_id equals the current row, else '
            'conflicting.'],
        'ml_is_replay', 'ml_event_hour',
        ['ml_ingest_hour', 'timestamp', 'Hour the row was ingested in (UTC); of its event if the ingest time is missing, 1970 if both '
            'are.'],
        'ml_key_hash',
        ['ml_batch', 'Run that wrote the row or last changed its state (milliseconds since 1970).'],
        'ml_declaration_hash',
    ])) -%}
{% endmacro %}

{#-
  Model <m>__labels_log: every raw row of the label log once, with its state.

  The winner of a prediction id is its newest correction: the last by ingest time, then by label time, then by its
  columns in their order. Earlier values stay in the log as `duplicate`.

  Arguments: monitor (string).
  Columns: those of stg_<m>__labels, then ml_row_state, ml_quarantine_reason (missing_prediction_id, missing_label,
  label_after_ingest, deleted), ml_event_hour (of the label time), ml_ingest_hour, ml_key_hash, ml_batch, ml_declaration_hash as in
  inferences_log.
-#}
{% macro labels_log(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['stg_labels', 'ml_deletions'], key='ml_key_hash', on_schema_change='sync_all_columns') -}}
    {%- if execute -%}{{ ml_monitor.labels_log_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__labels_log. Arguments: monitor (string). -#}
{% macro labels_log_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set prediction_id = ml_monitor.role_column(spec.labels, 'prediction_id') -%}
    {%- set label_time = ml_monitor.role_column(spec.labels, 'label_time') -%}
    {%- set ingest_time = ml_monitor.role_column(spec.labels, 'ingest_time') or label_time -%}
    {%- set reasons = [
        [prediction_id ~ ' is null', 'missing_prediction_id'],
        [ml_monitor.role_column(spec.labels, 'label') ~ ' is null', 'missing_label'],
    ] -%}
    {%- if label_time and ingest_time -%}
        {%- set latest = ml_monitor.date_add('minute', spec.event_tolerance_minutes, ingest_time) -%}
        {%- set reasons = reasons + [[label_time ~ ' > ' ~ latest, 'label_after_ingest']] -%}
    {%- endif -%}
    {{- ml_monitor.keyed_log(
        macro='labels_log',
        monitor=monitor,
        staging=ref('stg_' ~ monitor ~ '__labels'),
        declared=spec.labels,
        declaration_hash=ml_monitor.declaration_hash(spec, 'labels_log'),
        key=prediction_id,
        event_time=label_time,
        ingest_time=ingest_time,
        reasons=reasons,
        untrusted_times=['label_after_ingest'],
        deletions=ref('ml_monitor', 'ml_deletions'),
        erased_by='prediction',
        erased_key=prediction_id,
        winner=[ingest_time ~ ' desc nulls last', label_time ~ ' desc nulls last'],
        not_content=['ingest_time', 'label_time'],
        replay_after_minutes=spec.replay_after_minutes
    ) }}
{% endmacro %}


{#- The columns that the log adds to those of staging. -#}
{% macro labels_log_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'ml_row_state',
        ['ml_quarantine_reason', 'string', 'missing_prediction_id, missing_label, label_after_ingest or deleted; NULL if the row is '
            'usable.'],
        ['ml_duplicate_kind', 'string', 'Of a duplicate: exact if all but ingest_time and label_time equals the current row, else '
            'conflicting.'],
        'ml_is_replay',
        ['ml_event_hour', 'Hour of the label time (UTC), or of the ingest if there is no credible label time.'],
        ['ml_ingest_hour', 'timestamp', 'Hour the row was ingested in (UTC); of the label time if the ingest time is missing, 1970 if '
            'both are.'],
        'ml_key_hash',
        ['ml_batch', 'Run that wrote the row or last changed its state (milliseconds since 1970).'],
        'ml_declaration_hash',
    ])) -%}
{% endmacro %}

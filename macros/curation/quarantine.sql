{#-
  Model <m>__quarantine: the rows of the inference log that could not be used, raw values and all, with the reason, and when
  a row of this prediction id was first and last refused for it. Columns that are personal are NULL, unless the model has `grants` of its
  own, which say who may read them.
  Arguments: monitor (string).
-#}
{% macro quarantine(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log'], materialized='view', access='public') -}}
    {%- if execute -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set prediction_id = ml_monitor.role_column(spec.inferences, 'prediction_id') -%}
    {%- set ingested = ml_monitor.ingested_at(ml_monitor.role_column(spec.inferences, 'event_time'),
        ml_monitor.role_column(spec.inferences, 'ingest_time')) -%}
    {{- ml_monitor.log_view(monitor, 'inferences', "ml_row_state = 'quarantined'", [
        'ml_quarantine_reason',
        'ml_event_hour',
        'min(' ~ ingested ~ ') over (partition by ml_quarantine_reason, ' ~ prediction_id ~ ') as ml_first_seen',
        'max(' ~ ingested ~ ') over (partition by ml_quarantine_reason, ' ~ prediction_id ~ ') as ml_last_seen',
    ], hidden=[] if model.config.get('grants') else spec.inferences | selectattr('personal') | map(attribute='name') | list) -}}
    {%- endif -%}
{% endmacro %}

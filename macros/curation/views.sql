{#- Model <m>__inferences: the current rows of the log, in the shape of staging. Arguments: monitor (string). -#}
{% macro inferences(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log'], materialized='view', access='public') -}}
    {%- if execute -%}{{ ml_monitor.log_view(monitor, 'inferences', "ml_row_state = 'current'", []) }}{%- endif -%}
{% endmacro %}


{#- Model <m>__labels: the newest label of each prediction, in the shape of staging. Arguments: monitor (string). -#}
{% macro labels(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['labels_log'], materialized='view', access='public') -}}
    {%- if execute -%}{{ ml_monitor.log_view(monitor, 'labels', "ml_row_state = 'current'", []) }}{%- endif -%}
{% endmacro %}


{#-
  Model <m>__quarantine: the rows of the inference log that could not be used, raw values and all, with the reason, and when
  a row of this prediction id was first and last refused for it.
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
    ]) -}}
    {%- endif -%}
{% endmacro %}


{% macro log_view(monitor, table, condition, more_columns) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set columns = spec[table] | map(attribute='sql') | list + more_columns -%}
select
    {{ columns | join(',\n    ') }}
from {{ ref(monitor ~ '__' ~ table ~ '_log') }}
where {{ condition }}
{%- endmacro %}


{#- The columns that the view adds to those of staging. -#}
{% macro quarantine_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['ml_quarantine_reason', 'string', 'missing_prediction_id, missing_event_time, event_too_old, event_after_ingest, invalid_score, '
            'invalid:<column> or rule:<name>.'],
        'ml_event_hour',
        ['ml_first_seen', 'timestamp', 'First ingest of a row with this prediction id and reason (UTC).'],
        ['ml_last_seen', 'timestamp', 'Last ingest of a row with this prediction id and reason (UTC).'],
    ])) -%}
{% endmacro %}

{#- Model <m>__inferences: the current rows of the log, in the shape of staging. Arguments: monitor (string). -#}
{% macro inferences(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log'], materialized='view', access='public') -}}
    {%- if execute -%}{{ ml_monitor.log_view(monitor, 'inferences', "ml_row_state = 'current'", []) }}{%- endif -%}
{% endmacro %}

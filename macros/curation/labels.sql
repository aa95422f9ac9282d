{#- Model <m>__labels: the newest label of each prediction, in the shape of staging. Arguments: monitor (string). -#}
{% macro labels(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['labels_log'], materialized='view', access='public') -}}
    {%- if execute -%}{{ ml_monitor.log_view(monitor, 'labels', "ml_row_state = 'current'", []) }}{%- endif -%}
{% endmacro %}

{#- A row that arrived late, as a condition on log columns; none if no ingest time is logged. -#}
{% macro is_late(spec) %}
    {%- set ingest_time = ml_monitor.role_column(spec.inferences, 'ingest_time') -%}
    {%- if not ingest_time -%}{%- do return(none) -%}{%- endif -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- do return(ml_monitor.minutes_between(event_time, ingest_time) ~ ' > ' ~ spec.late_after_minutes) -%}
{% endmacro %}


{#- A row whose status is an error, as a condition on log columns; none if no status is logged. -#}
{% macro is_error_status(spec) %}
    {%- set status = ml_monitor.role_column(spec.inferences, 'status') -%}
    {%- do return('lower(' ~ status ~ ") not in ('ok', 'success', '200')" if status else none) -%}
{% endmacro %}

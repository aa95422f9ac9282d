{#- A row that arrived late, as a condition on log columns; none if no ingest time is logged. -#}
{% macro is_late(spec) %}
    {%- set ingest_time = ml_monitor.role_column(spec.inferences, 'ingest_time') -%}
    {%- if not ingest_time -%}{%- do return(none) -%}{%- endif -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- do return(ml_monitor.minutes_between(event_time, ingest_time) ~ ' > ' ~ spec.late_after_minutes) -%}
{% endmacro %}

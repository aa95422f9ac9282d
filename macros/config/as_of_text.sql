{#- The same moment as text, `2013-07-01 00:00:00`. -#}
{% macro as_of_text() %}
    {%- do return(ml_monitor.timestamp_text(ml_monitor.given_as_of() or run_started_at.strftime('%Y-%m-%d %H:%M:%S'))) -%}
{% endmacro %}

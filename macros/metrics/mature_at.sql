{#- Condition that the labels of a window have had the declared horizon to arrive. Arguments: spec, window_end (SQL). -#}
{% macro mature_at(spec, window_end) %}
    {%- do return(ml_monitor.date_add('hour', spec.label_horizon_hours, window_end) ~ ' <= ' ~ ml_monitor.as_of()) -%}
{% endmacro %}

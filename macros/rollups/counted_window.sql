{#- The window that an hour of log rows is counted in: itself, or its day once that is kept as one. -#}
{% macro counted_window(hour, fold_before) %}
    {%- do return('case when ' ~ hour ~ ' < ' ~ fold_before ~ ' then ' ~ ml_monitor.truncate('day', hour) ~ ' else ' ~ hour ~ ' end'
        if fold_before else hour) -%}
{% endmacro %}

{#-
  How many hours have passed since a window, as one of label_delays up to the horizon, or 0.
  Arguments: spec, window_end (SQL). Returns: SQL, an integer.
-#}
{% macro label_age(spec, window_end) %}
    {%- set ns = namespace(whens=[]) -%}
    {%- for hours in ml_monitor.label_delays(spec) | reverse if hours <= spec.label_horizon_hours -%}
        {%- set ns.whens = ns.whens + ['when ' ~ ml_monitor.date_add('hour', hours, window_end) ~ ' <= ' ~ ml_monitor.as_of()
            ~ ' then ' ~ hours] -%}
    {%- endfor -%}
    {%- do return('case ' ~ ns.whens | join(' ') ~ ' else 0 end' if ns.whens else '0') -%}
{% endmacro %}

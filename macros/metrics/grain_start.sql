{#-
  Where the window of a grain begins (or ends, with `units` 1) that an hour lies in.
  Arguments: hour (SQL, a whole hour), grains (list: those that `grains` makes rows of), units (int). Returns: SQL, timestamp.
-#}
{% macro grain_start(hour, grains, units=0) %}
    {%- set ns = namespace(cases=[]) -%}
    {%- for grain in grains -%}
        {%- set start = hour if grain == 'hour' else ml_monitor.truncate(grain, hour) -%}
        {%- set moment = 'cast(' ~ ml_monitor.date_add(grain, units, start) ~ ' as timestamp)' if units else start -%}
        {%- set ns.cases = ns.cases + ["when '" ~ grain ~ "' then " ~ moment] -%}
    {%- endfor -%}
    {%- do return('case grains.window_grain ' ~ ns.cases | join(' ') ~ ' end') -%}
{% endmacro %}

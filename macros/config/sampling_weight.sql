{#-
  How many requests a row of a sampled log stands for, as SQL: 1 / sampling_fraction. A row whose fraction is NULL was not sampled, and one
  whose fraction is none is quarantined: both stand for themselves.
  Arguments: spec (dict of monitor_spec), prefix (string, such as `log.`).
  Returns: SQL, a 64-bit float, or none if the monitor declares no sampling_fraction.
-#}
{% macro sampling_weight(spec, prefix='') %}
    {%- set columns = spec.inferences | selectattr('role', 'equalto', 'sampling_fraction') | list -%}
    {%- if not columns -%}{%- do return(none) -%}{%- endif -%}
    {%- set fraction = ml_monitor.float64(ml_monitor.monitored_value(columns[0], prefix)) -%}
    {%- do return('case when ' ~ fraction ~ ' > 0 and ' ~ fraction ~ ' <= 1 then 1 / ' ~ fraction ~ ' else 1 end') -%}
{% endmacro %}

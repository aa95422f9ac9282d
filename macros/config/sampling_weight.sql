{#-
  How many requests a row of a sampled log stands for, as SQL: 1 / sampling_fraction. A row whose fraction is NULL was not sampled, and one
  whose fraction is none is quarantined: both stand for themselves.
  Arguments: spec (dict of monitor_spec), prefix (string, such as `log.`).
  Returns: SQL, a 64-bit float, or none if the monitor declares no sampling_fraction.
-#}
{% macro sampling_weight(spec, prefix='') %}
    {%- set fraction = ml_monitor.sampling_fraction(spec, prefix) -%}
    {%- do return('case when ' ~ fraction.is_valid ~ ' then 1 / ' ~ fraction.value ~ ' else 1 end' if fraction else none) -%}
{% endmacro %}

{#-
  The declared sampling fraction of a row, and the condition that it is one: above 0, at most 1.
  Arguments: spec (dict of monitor_spec), prefix (string, such as `log.`).
  Returns: dict {value, is_valid} of SQL, or none if the monitor declares no sampling_fraction.
-#}
{% macro sampling_fraction(spec, prefix='') %}
    {%- set columns = spec.inferences | selectattr('role', 'equalto', 'sampling_fraction') | list -%}
    {%- if not columns -%}{%- do return(none) -%}{%- endif -%}
    {%- set value = ml_monitor.float64(ml_monitor.monitored_value(columns[0], prefix)) -%}
    {%- do return({'value': value, 'is_valid': value ~ ' > 0 and ' ~ value ~ ' <= 1'}) -%}
{% endmacro %}

{#-
  The monitored ML models and their parts, from the var `ml_monitors`.

  Without the var, this project runs its own demo; as a package in another project, nothing.
  (A default in dbt_project.yml would follow the package into every project that installs it.)

  Returns: dict of monitor name -> list of parts (`labels`, `reference`, or the name of a lookup).
-#}
{% macro ml_monitors() %}
    {%- set everything = ['labels', 'reference', 'weather', 'aircraft'] -%}
    {%- set demo = {'flight_delay': everything, 'flight_air_time': everything} -%}
    {%- do return(var('ml_monitors', demo if project_name == 'ml_monitor' else {}) or {}) -%}
{% endmacro %}


{#-
  Whether a monitor has a part.

  Arguments: monitor (string), part (string): `labels`, `reference`, the name of a lookup, or `joins` for labels or any lookup.
  Returns: boolean.
-#}
{% macro has_part(monitor, part) %}
    {%- set parts = ml_monitor.ml_monitors().get(monitor) or [] -%}
    {%- do return(part in parts or (part == 'joins' and parts | reject('equalto', 'reference') | list | length > 0)) -%}
{% endmacro %}


{#-
  The lookups of a monitor: every part that is neither labels nor reference.

  Arguments: monitor (string).
  Returns: list of strings.
-#}
{% macro lookups(monitor) %}
    {%- do return((ml_monitor.ml_monitors().get(monitor) or []) | reject('in', ['labels', 'reference']) | list) -%}
{% endmacro %}

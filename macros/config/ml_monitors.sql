{#-
  The monitored ML models and their parts, from the var `ml_monitors`.

  Without the var, this project runs its own demo; as a package in another project, nothing.
  (A default in dbt_project.yml would follow the package into every project that installs it.)

  Returns: dict of monitor name -> list of parts (one of plain_parts, or the name of a lookup).
-#}
{% macro ml_monitors() %}
    {%- set everything = ['labels', 'reference', 'weather', 'aircraft'] -%}
    {%- set demo = {'flight_delay': everything, 'flight_air_time': everything} -%}
    {%- do return(var('ml_monitors', demo if project_name == 'ml_monitor' else {}) or {}) -%}
{% endmacro %}

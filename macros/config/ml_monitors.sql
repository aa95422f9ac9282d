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


{#-
  Whether a monitor has a part.

  Arguments: monitor (string), part (string): one of plain_parts, the name of a lookup, `joins` for labels or any lookup, or
    `reconciliation` for counts or registry.
  Returns: boolean.
-#}
{% macro has_part(monitor, part) %}
    {%- set parts = ml_monitor.ml_monitors().get(monitor) or [] -%}
    {%- set any_of = {'joins': ['labels'] + ml_monitor.lookups(monitor), 'reconciliation': ['counts', 'registry']} -%}
    {%- do return(parts | select('in', any_of.get(part, [part])) | list | length > 0) -%}
{% endmacro %}


{#- The parts that have a meaning of their own; a part of any other name is a lookup. -#}
{% macro plain_parts() %}
    {%- do return(['labels', 'reference', 'counts', 'registry', 'offline'] + ml_monitor.parts_without_staging()) -%}
{% endmacro %}


{#- The parts that are computed from columns of the inferences and have no staging model of their own. -#}
{% macro parts_without_staging() %}
    {%- do return(['relations', 'embeddings', 'attributions']) -%}
{% endmacro %}


{#- Names that no part may have: they stand for the inferences, or for several parts together. -#}
{% macro reserved_parts() %}
    {%- do return(['inferences', 'joins', 'reconciliation']) -%}
{% endmacro %}


{#-
  The lookups of a monitor: every part that is none of plain_parts.

  Arguments: monitor (string).
  Returns: list of strings.
-#}
{% macro lookups(monitor) %}
    {%- do return((ml_monitor.ml_monitors().get(monitor) or []) | reject('in', ml_monitor.plain_parts()) | list) -%}
{% endmacro %}

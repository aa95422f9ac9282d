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

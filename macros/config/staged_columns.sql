{#-
  The columns of the staging models of a monitor. Arguments: monitor (string).
  Returns: dict of inferences, labels, reference, counts, registry, offline -> list of columns as staging_columns returns them, empty
    without that part.
-#}
{% macro staged_columns(monitor) %}
    {%- set tables = {} -%}
    {%- for table in ['inferences', 'labels', 'reference', 'counts', 'registry', 'offline'] -%}
        {%- set is_there = table == 'inferences' or ml_monitor.has_part(monitor, table) -%}
        {%- do tables.update({table: ml_monitor.staging_columns(monitor, table) if is_there else []}) -%}
    {%- endfor -%}
    {%- do return(tables) -%}
{% endmacro %}

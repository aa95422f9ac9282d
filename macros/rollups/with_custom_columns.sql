{#-
  The columns of a table of outcomes with those of custom_sums before rebuild_key.
  Arguments: columns (list as table_columns returns it), monitor (string, or none for the columns that every monitor has).
-#}
{% macro with_custom_columns(columns, monitor) %}
    {%- if not monitor -%}{%- do return(columns) -%}{%- endif -%}
    {%- set ns = namespace(custom=[]) -%}
    {%- for name, about in ml_monitor.custom_sums(ml_monitor.monitor_spec(monitor)).items() -%}
        {%- set ns.custom = ns.custom + [[name, about[1], about[2]]] -%}
    {%- endfor -%}
    {%- set end = (columns | map('first') | list).index('rebuild_key') -%}
    {%- do return(columns[:end] + ns.custom + columns[end:]) -%}
{% endmacro %}

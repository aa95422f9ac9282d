{#-
  The monitors that a fleet view reads: those that have this table. One whose table has not been built is left out, so that a monitor can
  be built without the others; ml_monitors has it all the same, and ml_monitor_health says that it never ran.

  Arguments: table (string: the part after `<m>__`).
  Returns: list of names.
-#}
{% macro monitors_with(table) %}
    {%- set names = [] -%}
    {%- for monitor in ml_monitor.ml_monitors() if ml_monitor.has_table(monitor, table) and ml_monitor.is_built(monitor ~ '__' ~ table) -%}
        {%- do names.append(monitor) -%}
    {%- endfor -%}
    {%- do return(names) -%}
{% endmacro %}

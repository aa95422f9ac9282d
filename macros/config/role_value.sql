{#-
  What is counted of the column that has a role (monitored_value), or none.
  Arguments: columns (list of a spec), role, prefix (strings). Returns: SQL.
-#}
{% macro role_value(columns, role, prefix='') %}
    {%- set found = columns | selectattr('role', 'equalto', role) | list -%}
    {%- do return(ml_monitor.monitored_value(found[0], prefix) if found else none) -%}
{% endmacro %}

{#- Whether a monitor has a table. Arguments: monitor, table (strings). Returns: boolean. -#}
{% macro has_table(monitor, table) %}
    {%- set part = ml_monitor.parts_of_tables()[table] -%}
    {%- do return(not part or ml_monitor.has_part(monitor, part)) -%}
{% endmacro %}

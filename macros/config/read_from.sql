{#-
  What a select reads a table of a monitor from, a group of another table as a subquery.
  Arguments: monitor, table (strings). Returns: relation or SQL.
-#}
{% macro read_from(monitor, table) %}
    {%- set group = ml_monitor.grouped_tables().get(table) -%}
    {%- if not group -%}{%- do return(ref(monitor ~ '__' ~ table)) -%}{%- endif -%}
    {%- do return('(select * from ' ~ ref(monitor ~ '__' ~ group[0]) ~ ' where ' ~ group[1] ~ " = '" ~ group[2] ~ "') as " ~ table) -%}
{% endmacro %}

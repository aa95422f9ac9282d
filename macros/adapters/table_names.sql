{#-
  The tables and views of a schema, whatever the case of its letters.
  Arguments: database, schema (strings). Returns: a select of two text columns, `table_schema` and `table_name`.
-#}
{% macro table_names(database, schema) %}
    {%- do return(adapter.dispatch('table_names', 'ml_monitor')(database, schema)) -%}
{% endmacro %}

{% macro default__table_names(database, schema) %}
    {%- do return('select table_schema, table_name from information_schema.tables where lower(table_catalog) = lower('
        ~ ml_monitor.string_literal(database) ~ ') and lower(table_schema) = lower(' ~ ml_monitor.string_literal(schema) ~ ')') -%}
{% endmacro %}

{% macro bigquery__table_names(database, schema) %}
    {%- do return('select table_schema, table_name from `' ~ database ~ '.' ~ schema ~ '.INFORMATION_SCHEMA.TABLES`') -%}
{% endmacro %}

{#- Spark has no information schema: the names are asked for while the SQL is made, and are literals of it. -#}
{% macro spark__table_names(database, schema) %}
    {%- set ns = namespace(rows=[]) -%}
    {%- if execute and run_query('show schemas like ' ~ ml_monitor.string_literal(schema)).rows -%}
        {%- for row in run_query('show tables in ' ~ adapter.quote(schema)).rows if not row[2] -%}
            {%- set ns.rows = ns.rows + [[ml_monitor.string_literal(row[0]), ml_monitor.string_literal(row[1])]] -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set rows = ns.rows or [["''", "''"]] -%}
    {%- set listed = ml_monitor.values_list(['table_schema', 'table_name'], rows) -%}
    {%- do return('select * from (' ~ listed ~ ") as listed where table_name <> ''") -%}
{% endmacro %}

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

{#- Spark has no information schema. -#}
{% macro spark__table_names(database, schema) %}{% do ml_monitor.not_ported('table_names', 'database, schema') %}{% endmacro %}

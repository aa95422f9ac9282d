{#-
  The columns a relation has now and their types, as a select of two text columns, `column_name` and `data_type` (as the database writes
  it). Works for files that are read in place, which no catalog lists, and for the subquery that a test with `where` is given.
  Arguments: relation (relation, its name, or `(select ...)`). Returns: a select.
-#}
{% macro columns_of(relation) %}
    {%- do return(adapter.dispatch('columns_of', 'ml_monitor')(relation)) -%}
{% endmacro %}

{#- What the driver says of a query of no rows, as a select of literals. -#}
{% macro default__columns_of(relation) %}
    {%- set ns = namespace(rows=[]) -%}
    {%- for name, type in (ml_monitor.names_and_types('select * from ' ~ ml_monitor.aliased(relation, 'all_rows')) if execute else []) -%}
        {%- set ns.rows = ns.rows + ['select ' ~ ml_monitor.string_literal(name) ~ ' as column_name, '
            ~ ml_monitor.string_literal(type) ~ ' as data_type'] -%}
    {%- endfor -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- do return(ns.rows | join(' union all ') or 'select cast(null as ' ~ text ~ ') as column_name, cast(null as ' ~ text
        ~ ') as data_type from (select 1 as one) as one where 1 = 0') -%}
{% endmacro %}

{% macro postgres__columns_of(relation) %}
    {#- A subquery is dbt's `(select * from <table> where ...)`, with --empty one in another: the columns are those of the table. -#}
    {%- set ns = namespace(written=(relation | string).strip()) -%}
    {%- for _ in range(2) -%}
        {%- set ns.written = ns.written.partition('(select * from ')[2] if ns.written.startswith('(select * from ') else ns.written -%}
    {%- endfor -%}
    {%- set parts = ns.written.split(' where ')[0].strip().replace('"', '').split('.') -%}
    {%- set table = relation.identifier or parts[-1] -%}
    {%- set schema = relation.schema or parts[-2] -%}
    {%- do return("select column_name, case when data_type = 'numeric' and numeric_precision is not null"
        ~ " then 'numeric(' || numeric_precision || ',' || numeric_scale || ')' else data_type end as data_type"
        ~ " from information_schema.columns where lower(table_schema) = lower(" ~ ml_monitor.string_literal(schema)
        ~ ") and lower(table_name) = lower(" ~ ml_monitor.string_literal(table) ~ ")") -%}
{% endmacro %}

{% macro duckdb__columns_of(relation) %}
    {%- do return('select column_name, column_type as data_type from (describe select * from ' ~ ml_monitor.aliased(relation,
        'all_rows') ~ ')') -%}
{% endmacro %}

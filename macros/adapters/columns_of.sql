{#-
  The columns a relation has now and their types, as a select of two text columns, `column_name` and `data_type` (as the database writes
  it). Works for files that are read in place, which no catalog lists, and for the subquery that a test with `where` is given.
  Arguments: relation.
-#}
{% macro columns_of(relation) %}
    {%- do return(adapter.dispatch('columns_of', 'ml_monitor')(relation)) -%}
{% endmacro %}

{% macro default__columns_of(relation) %}
    {#- A subquery is dbt's `(select * from <table> where ...)`, with --empty one in another: the columns are those of the table. -#}
    {%- set ns = namespace(written=(relation | string).strip()) -%}
    {%- for _ in range(2) -%}
        {%- set ns.written = ns.written.partition('(select * from ')[2] if ns.written.startswith('(select * from ') else ns.written -%}
    {%- endfor -%}
    {%- set parts = ns.written.split(' where ')[0].strip().replace('"', '').split('.') -%}
    {%- set table = relation.identifier or parts[-1] -%}
    {%- set schema = relation.schema or parts[-2] -%}
    {%- do return("select column_name, case when data_type = 'numeric' and numeric_precision is not null then 'numeric(' || numeric_precision || ',' || numeric_scale || ')' else data_type end as data_type"
        ~ " from information_schema.columns where lower(table_schema) = lower('" ~ schema ~ "') and lower(table_name) = lower('" ~ table ~ "')") -%}
{% endmacro %}

{% macro duckdb__columns_of(relation) %}
    {%- do return('select column_name, column_type as data_type from (describe select * from ' ~ ml_monitor.aliased(relation, 'all_rows') ~ ')') -%}
{% endmacro %}

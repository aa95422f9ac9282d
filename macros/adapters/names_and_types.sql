{#-
  The columns of a select and their types, as the engine names them; PostgreSQL leaves out the digits of a decimal.
  Arguments: sql (string: a select). Returns: list of [name, type].
-#}
{% macro names_and_types(sql) %}
    {%- do return(adapter.dispatch('names_and_types', 'ml_monitor')(sql)) -%}
{% endmacro %}

{% macro default__names_and_types(sql) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in adapter.get_column_schema_from_query('select * from (\n' ~ sql ~ '\n) as data where 1 = 0') -%}
        {%- set ns.columns = ns.columns + [[column.name, column.dtype]] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}

{#- The driver knows a type by its family only. -#}
{% macro postgres__names_and_types(sql) %}
    {%- set ns = namespace(names=[], types=[], columns=[]) -%}
    {%- for column in adapter.get_column_schema_from_query('select * from (\n' ~ sql ~ '\n) as data where 1 = 0') -%}
        {%- set ns.names = ns.names + [column.name] -%}
        {%- set ns.types = ns.types + ['cast(pg_typeof(data.' ~ adapter.quote(column.name.replace('"', '""')) ~ ') as text)'] -%}
    {%- endfor -%}
    {%- set row = run_query('select ' ~ ns.types | join(', ') ~ ' from (select 1 as one) as one left join (\n' ~ sql
        ~ '\n) as data on 1 = 0').rows[0] -%}
    {%- for name in ns.names -%}{%- set ns.columns = ns.columns + [[name, row[loop.index0]]] -%}{%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}

{#- Texts come with a mark ahead, since dbt takes some texts of a result for numbers or nothing. -#}
{% macro duckdb__names_and_types(sql) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for row in run_query("select '=' || column_name as column_name, '=' || column_type as column_type from (describe (\n" ~ sql
        ~ '\n))').rows -%}
        {%- set ns.columns = ns.columns + [[row[0][1:], row[1][1:]]] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but its pg_typeof reads no tables. -#}
{% macro redshift__names_and_types(sql) %}{% do return(ml_monitor.default__names_and_types(sql)) %}{% endmacro %}

{% macro spark__names_and_types(sql) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for row in run_query('describe query select * from (\n' ~ sql ~ '\n) as data').rows -%}
        {%- set ns.columns = ns.columns + [[row[0], row[1]]] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}

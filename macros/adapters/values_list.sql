{#-
  A short list as rows of a query. Arguments: columns (list of SQL names), rows (list of lists of SQL, at least one). Returns: a select.
-#}
{% macro values_list(columns, rows) %}{{ adapter.dispatch('values_list', 'ml_monitor')(columns, rows) }}{% endmacro %}

{% macro default__values_list(columns, rows) -%}
    {%- for row in rows -%}
        {{ '\nunion all\n' if not loop.first }}select{{ ' ' }}
        {%- for value in row %}{{ value }} as {{ columns[loop.index0] }}{{ ', ' if not loop.last }}{% endfor %}
    {%- endfor -%}
{%- endmacro %}

{% macro duckdb__values_list(columns, rows) -%}
{%- set ns = namespace(rows=[]) -%}
{%- for row in rows -%}{%- set ns.rows = ns.rows + ['(' ~ row | join(', ') ~ ')'] -%}{%- endfor -%}
select * from (
    values
    {#- Not indented: a literal of the user's may have several lines. #}
    {{ ml_monitor.packed(ns.rows, ', ') }}
) as listed ({{ columns | join(', ') }})
{%- endmacro %}

{% macro postgres__values_list(columns, rows) %}{{ ml_monitor.duckdb__values_list(columns, rows) }}{% endmacro %}

{% macro spark__values_list(columns, rows) %}{{ ml_monitor.duckdb__values_list(columns, rows) }}{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__values_list(columns, rows) %}{{ ml_monitor.default__values_list(columns, rows) }}{% endmacro %}

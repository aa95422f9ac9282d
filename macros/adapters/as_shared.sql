{#-
  How to write a CTE of a view whose columns are long expressions, or that several of its CTEs read:
  `name {{ '{{ ml_monitor.as_shared() }}' }} (select ...)`. DuckDB 2 never ends a query with `limit` on such CTEs unless they are
  inlined; PostgreSQL must keep them, since it writes an expression out as often as its column is read.
  Returns: SQL, `as` with a hint where the engine needs one.
-#}
{% macro as_shared() %}{% do return(adapter.dispatch('as_shared', 'ml_monitor')()) %}{% endmacro %}

{% macro default__as_shared() %}{% do return('as') %}{% endmacro %}

{% macro duckdb__as_shared() %}{% do return('as not materialized') %}{% endmacro %}

{% macro postgres__as_shared() %}{% do return('as materialized') %}{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__as_shared() %}{% do return(ml_monitor.default__as_shared()) %}{% endmacro %}

{#-
  How to write a CTE that must be computed once even though it is read once: `name {{ '{{ ml_monitor.as_materialized() }}' }} (select ...)`.
  PostgreSQL would compute it again for each row that it is joined to, where it expects one row and finds thousands.
  Returns: SQL, `as` with a hint where the engine has one.
-#}
{% macro as_materialized() %}{% do return(adapter.dispatch('as_materialized', 'ml_monitor')()) %}{% endmacro %}

{% macro default__as_materialized() %}{% do return('as') %}{% endmacro %}

{% macro duckdb__as_materialized() %}{% do return('as materialized') %}{% endmacro %}

{% macro postgres__as_materialized() %}{% do return('as materialized') %}{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__as_materialized() %}{% do return(ml_monitor.default__as_materialized()) %}{% endmacro %}

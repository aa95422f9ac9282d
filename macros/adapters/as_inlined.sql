{#-
  How to write a CTE that is read several times but must not be kept in memory: `name {{ '{{ ml_monitor.as_inlined() }}' }} (select ...)`.
  Returns: SQL, `as` with a hint where the engine has one.
-#}
{% macro as_inlined() %}{% do return(adapter.dispatch('as_inlined', 'ml_monitor')()) %}{% endmacro %}

{% macro default__as_inlined() %}{% do return('as') %}{% endmacro %}

{% macro duckdb__as_inlined() %}{% do return('as not materialized') %}{% endmacro %}

{% macro postgres__as_inlined() %}{% do return('as not materialized') %}{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__as_inlined() %}{% do return(ml_monitor.default__as_inlined()) %}{% endmacro %}

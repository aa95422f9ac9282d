{#-
  The statement that waits until no other run writes a table, and keeps others waiting until the transaction ends, so that two runs at once
  end as one after the other; none where the engine does so by itself, or lets one process write, as DuckDB does.
  Arguments: table (relation). Returns: SQL or none.
-#}
{% macro lock_statement(table) %}{% do return(adapter.dispatch('lock_statement', 'ml_monitor')(table)) %}{% endmacro %}

{% macro default__lock_statement(table) %}{% do return(none) %}{% endmacro %}

{% macro postgres__lock_statement(table) %}{% do return('lock table ' ~ table ~ ' in share row exclusive mode') %}{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__lock_statement(table) %}{% do return(none) %}{% endmacro %}

{#-
  Statements that a model with many joined CTEs sends ahead of its own, as its config `sql_header`; none where the engine needs
  no help.

  PostgreSQL knows nothing of the size of a CTE, takes a deep one for a single row and joins it by a nested loop: the drift of
  one month of flights then takes hours, by hash joins seconds. Compiling such a plan also takes longer than running it. The
  settings end with the transaction.

  Returns: SQL or none.
-#}
{% macro planner_settings() %}{% do return(adapter.dispatch('planner_settings', 'ml_monitor')()) %}{% endmacro %}

{% macro default__planner_settings() %}{% do return(none) %}{% endmacro %}

{% macro postgres__planner_settings() %}
    {%- do return('set local enable_nestloop = off; set local enable_mergejoin = off; set local jit = off;') -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__planner_settings() %}{% do return(none) %}{% endmacro %}

{#-
  Whether the engine has temporary tables. Spark has temporary views only, which are computed each time they are read: there the rows to
  write go into a table of their own. `create or replace table` replaces one in a single step, so that none is built beside and renamed.
  Returns: boolean.
-#}
{% macro has_temporary_tables() %}{% do return(adapter.dispatch('has_temporary_tables', 'ml_monitor')()) %}{% endmacro %}

{% macro default__has_temporary_tables() %}{% do return(true) %}{% endmacro %}

{% macro spark__has_temporary_tables() %}{% do return(false) %}{% endmacro %}

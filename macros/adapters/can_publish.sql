{#-
  Whether the engine lets one process write and shuts readers out meanwhile, so that a copy for readers is published (var ml_publish_to).
  The adapter then has to give the macro publish_tables what dbt-duckdb has: `adapter.store_relation` and plugins.
  Returns: boolean.
-#}
{% macro can_publish() %}{% do return(adapter.dispatch('can_publish', 'ml_monitor')()) %}{% endmacro %}

{% macro default__can_publish() %}{% do return(false) %}{% endmacro %}

{% macro duckdb__can_publish() %}{% do return(true) %}{% endmacro %}

{#-
  The statement that a view is made after; none where `create or replace view` does all. With Iceberg's SparkSessionCatalog on a Hive
  metastore it keeps the text that Spark reads: a gate, whose as_of is a literal, would judge the day before.
  Arguments: view (relation). Returns: SQL or none.
-#}
{% macro before_view(view) %}{% do return(adapter.dispatch('before_view', 'ml_monitor')(view)) %}{% endmacro %}

{% macro default__before_view(view) %}{% do return(none) %}{% endmacro %}

{% macro spark__before_view(view) %}{% do return('drop view if exists ' ~ view) %}{% endmacro %}

{#- Delta has no such catalog. -#}
{% macro databricks__before_view(view) %}{% do return(none) %}{% endmacro %}

{#-
  How a model is kept that is long, reads other views and is read by others: a view, unless the engine plans what a view reads anew for each
  reader. Spark does, and is minutes at it. Returns: string, a materialization.
-#}
{% macro view_or_table() %}{% do return(adapter.dispatch('view_or_table', 'ml_monitor')()) %}{% endmacro %}

{% macro default__view_or_table() %}{% do return('view') %}{% endmacro %}

{% macro spark__view_or_table() %}{% do return('table') %}{% endmacro %}

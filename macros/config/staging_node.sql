{#- The graph node of a staging model, or none. `table`: inferences, or a part. -#}
{% macro staging_node(monitor, table) %}{% do return(ml_monitor.model_node('stg_' ~ monitor ~ '__' ~ table)) %}{% endmacro %}

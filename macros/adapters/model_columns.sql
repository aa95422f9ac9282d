{#- The names of the columns that a model's YAML declares, in its order; none while dbt parses, and in its unit tests. Arguments: name (string).
  Returns: list of names. -#}
{% macro model_columns(name) %}
    {%- set node = ml_monitor.model_node(name) -%}
    {%- do return(node.columns.keys() | list if node else []) -%}
{% endmacro %}

{#- The relation of a model, which must have been built. Arguments: name (string). -#}
{% macro built_relation(name) %}
    {%- set node = ml_monitor.model_node(name) -%}
    {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) if node else none -%}
    {%- if relation -%}{%- do return(relation) -%}{%- endif -%}
    {%- do exceptions.raise_compiler_error('ml_monitor: ' ~ name ~ ' is not built; run dbt build -s ' ~ name) -%}
{% endmacro %}

{#- The name of a model's relation as SQL writes it, without depending on it: for SQL that people run later. -#}
{% macro relation_name_of(model_name) %}
    {%- set node = ml_monitor.model_node(model_name) -%}
    {%- do return(node.relation_name if node and node.relation_name else model_name) -%}
{% endmacro %}

{#-
  The graph node of the model of this name, or none: also while dbt parses, when there is no graph yet. Arguments: name (string).
  Returns: dict or none.
-#}
{% macro model_node(name) %}
    {%- if execute and graph -%}
        {#- By its id first: hundreds of calls that look through all nodes take a quarter of a second. -#}
        {%- set own = graph.nodes.get('model.' ~ project_name ~ '.' ~ name) -%}
        {%- if own -%}{%- do return(own) -%}{%- endif -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == name -%}{%- do return(node) -%}{%- endfor -%}
    {%- endif -%}
{% endmacro %}

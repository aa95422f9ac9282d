{#-
  A relation under an alias of our own, as `from` and `join` write it. A subquery, such as dbt makes of a relation with --empty
  or of a test with `where`, may come with an alias where the engine asks for one, or without: it is replaced.
  Arguments: relation (relation, its name, or `(select ...)`), alias (string). Returns: SQL.
-#}
{% macro aliased(relation, alias) %}
    {%- set text = (relation | string).strip() -%}
    {%- do return((text.rpartition(')')[0] ~ ')' if text.startswith('(') else text) ~ ' as ' ~ alias) -%}
{% endmacro %}


{#- The graph node of the model of this name, or none: also while dbt parses, when there is no graph yet. -#}
{% macro model_node(name) %}
    {%- if execute and graph -%}
        {#- By its id first: hundreds of calls that look through all nodes take a quarter of a second. -#}
        {%- set own = graph.nodes.get('model.' ~ project_name ~ '.' ~ name) -%}
        {%- if own -%}{%- do return(own) -%}{%- endif -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == name -%}{%- do return(node) -%}{%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- The names of the columns that a model's YAML declares, in its order; none while dbt parses, and in its unit tests. -#}
{% macro model_columns(name) %}
    {%- set node = ml_monitor.model_node(name) -%}
    {%- do return(node.columns.keys() | list if node else []) -%}
{% endmacro %}

{#- One aggregate over a node's relation; none if the relation does not exist yet. -#}
{% macro number_in(node, aggregate) %}
    {%- if not adapter.get_relation(node.database, node.schema, node.alias) -%}{%- do return(none) -%}{%- endif -%}
    {%- do return(run_query('select ' ~ aggregate ~ ' from ' ~ node.relation_name).rows[0][0]) -%}
{% endmacro %}

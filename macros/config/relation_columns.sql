{#-
  The columns that may be in a pair: numeric features, the score, and the prediction of a regression.
  Arguments: as declared_relations. Returns: list of dicts name, sql, data_type, edges, importance (number), is_output.
-#}
{% macro relation_columns(meta, inferences) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- set roles = ['feature', 'score'] + (['prediction'] if meta.get('task') == 'regression' else []) -%}
    {%- for column in inferences if column.kind == 'numeric' and column.role in roles -%}
        {%- set is_output = column.role != 'feature' -%}
        {%- set ns.columns = ns.columns + [{
            'name': column.name, 'sql': column.sql, 'data_type': column.data_type, 'edges': 20 if is_output else 11,
            'is_output': is_output,
            'importance': column.importance if column.importance is number else 0, 'role': column.role,
        }] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}

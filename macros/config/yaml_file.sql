{#- The YAML file that describes a model, as messages name it. Arguments: node (graph node). Returns: string. -#}
{% macro yaml_file(node) %}
    {%- do return((node.patch_path or node.original_file_path).split('://')[-1]) -%}
{% endmacro %}

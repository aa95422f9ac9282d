{#- The number of the edge below which a value is low, and above which it is high. Arguments: edges (int). Returns: list of two ints. -#}
{% macro third_edges(edges) %}
    {%- set low = (0.3 * (edges - 1)) | round | int -%}
    {%- do return([low, edges - 1 - low]) -%}
{% endmacro %}

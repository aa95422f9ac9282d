{#- The number of elements that a declared array type is fixed to, such as 384 of `float[384]`; none if it is not. -#}
{% macro dimensions_of_type(data_type) %}
    {%- set parts = modules.re.match('^.+\\[([0-9]+)\\]$', (data_type or '').strip()) -%}
    {%- do return(parts.group(1) | int if parts else none) -%}
{% endmacro %}

{#- The type of the elements of a declared array type (`double[]`, `float[384]`, `array<double>`), none if it is no array. -#}
{% macro element_type(data_type) %}
    {%- set parts = modules.re.match('^(?:array<(.+)>|(.+?) ?\\[[0-9]*\\])$', (data_type or '').lower().strip()) -%}
    {%- do return((parts.group(1) or parts.group(2)) if parts else none) -%}
{% endmacro %}

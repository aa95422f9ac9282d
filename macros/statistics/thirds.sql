{#- The names of the parts of third_of_grid, in their order. -#}
{% macro thirds() %}{% do return(['low', 'middle', 'high']) %}{% endmacro %}

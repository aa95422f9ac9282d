{#- The name that the norm of an embedding is watched by. -#}
{% macro norm_name(column) %}{% do return('__' ~ column.name ~ '_norm__') %}{% endmacro %}

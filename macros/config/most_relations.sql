{#- How many pairs a monitor may declare. -#}
{% macro most_relations() %}{% do return(20) %}{% endmacro %}

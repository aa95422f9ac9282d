{#- The name of a pair in checks and policies. Arguments: column_a, column_b (SQL). Returns: SQL. -#}
{% macro relation_name(column_a, column_b) %}
    {%- do return(column_a ~ " || ' * ' || " ~ column_b) -%}
{% endmacro %}

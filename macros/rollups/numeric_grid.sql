{#- The rows of <m>__grid of numeric columns, one each, as a subquery to join by column_name. Arguments: monitor (string). Returns: SQL. -#}
{% macro numeric_grid(monitor) %}
    {%- do return('(select * from ' ~ ref(monitor ~ '__grid') ~ ' where category is null)') -%}
{% endmacro %}

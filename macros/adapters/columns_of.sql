{#-
  The columns a relation has now, as a select of one text column `column_name`. Works for files that are read in place, which
  no catalog lists. Arguments: relation.
-#}
{% macro columns_of(relation) %}
    {%- do return(adapter.dispatch('columns_of', 'ml_monitor')(relation)) -%}
{% endmacro %}

{% macro default__columns_of(relation) %}
    {%- do return("select column_name from information_schema.columns where lower(table_schema) = lower('" ~ relation.schema
        ~ "') and lower(table_name) = lower('" ~ relation.identifier ~ "')") -%}
{% endmacro %}

{% macro duckdb__columns_of(relation) %}
    {%- do return('select column_name from (describe select * from ' ~ relation ~ ')') -%}
{% endmacro %}

{#- What a generic test is about, for its messages: the table and, if given, the column. Arguments: model, column_name (optional). -#}
{% macro test_subject(model, column_name=none) %}
    {#- While dbt parses, `model` is a relation of the test's own name. #}
    {%- set table = model.identifier if execute and model.identifier else ml_monitor.tested_table() -%}
    {%- do return(table ~ ('.' ~ column_name if column_name else '')) -%}
{% endmacro %}


{#-
  The table a generic test is declared on. With the test's config `where`, `model` is a subquery without a name, so the name is that of
  the ref or source in the test's node.
-#}
{% macro tested_table() %}
    {%- set written = ((model.test_metadata or {}).get('kwargs', {}).get('model', '') | string).replace('"', "'") -%}
    {%- set words = written.split("'") -%}
    {%- set position = 3 if 'source(' in written else 1 -%}
    {%- do return(words[position] if words | length > position else 'this model') -%}
{% endmacro %}

{#-
  A seed or model that a var of the project names: of the project that runs, or `package.name`. Not by its name alone, since dbt warns of a
  package whose models read the root project so.
  Arguments: name (string). Returns: relation.
-#}
{% macro own_relation(name) %}
    {%- set parts = name.split('.') -%}
    {%- do return(ref(parts[0], parts[1]) if parts | length == 2 else ref(project_name, name)) -%}
{% endmacro %}

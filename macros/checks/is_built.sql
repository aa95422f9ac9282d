{#-
  Whether a fleet view can read a table of a monitor: it has been built, or was in this run before the view. While dbt parses, true: the
  view depends on the tables of all monitors.

  Arguments: name (string: `<m>__<table>`). Returns: boolean.
-#}
{% macro is_built(name) %}
    {%- set relation = ref(project_name, name) -%}
    {#- dbt runs a view after the tables that it reads. To look for a relation takes a while in a warehouse that has thousands. -#}
    {%- do return(not execute or 'model.' ~ project_name ~ '.' ~ name in selected_resources or load_relation(relation) is not none) -%}
{% endmacro %}

{#-
  The versions of a monitor's model that may serve: rows of the seed or model that var ml_model_registry names, such as a view on the
  tables of MLflow. Its columns: monitor (or `*`), model_version, approved_by, approved_at (timestamp, UTC), retired_at (timestamp, UTC;
  NULL while it may serve).

  Arguments: monitor (string). Returns: a select of them, none without the var.
-#}
{% macro model_registry(monitor) %}
    {%- set name = var('ml_model_registry', none) -%}
    {%- if not name -%}{%- do return(none) -%}{%- endif -%}
    {%- do return("select model_version, approved_by, cast(approved_at as timestamp) as approved_at, "
        ~ "cast(retired_at as timestamp) as retired_at from " ~ ml_monitor.own_relation(name)
        ~ " where monitor in ('*', '" ~ monitor ~ "')") -%}
{% endmacro %}

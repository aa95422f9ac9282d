{#-
  The versions of a monitor's model that may serve: rows of the seed or model that var ml_model_registry names, such as a view on the
  tables of MLflow. Its columns: monitor (or `*`), model_version, approved_by, approved_at (timestamp, UTC), retired_at (timestamp, UTC;
  NULL while it may serve).

  Arguments: monitor (string). Returns: a select of them, none without the var.
-#}
{% macro model_registry(monitor) %}
    {%- set name = var('ml_model_registry', none) -%}
    {%- if not name -%}{%- do return(none) -%}{%- endif -%}
    {#- As text first: a column of a seed that is empty has any type. -#}
    {%- set text = ml_monitor.text_type() -%}
    {%- set times = [] -%}
    {%- for column in ['approved_at', 'retired_at'] -%}
        {%- do times.append('cast(cast(' ~ column ~ ' as ' ~ text ~ ') as timestamp) as ' ~ column) -%}
    {%- endfor -%}
    {%- do return('select cast(model_version as ' ~ text ~ ') as model_version, ' ~ times | join(', ') ~ ' from '
        ~ ml_monitor.own_relation(name) ~ " where monitor in ('*', '" ~ monitor ~ "')") -%}
{% endmacro %}

{#-
  The waivers of a monitor: findings that somebody has decided to accept until a time, rows of the seed or model that var ml_waivers names.
  Its columns: monitor and metric (or `*`), subject (or `*`), until (timestamp, UTC), owner, reason.

  Arguments: monitor (string). Returns: a select of them, none without the var.
-#}
{% macro waivers(monitor) %}
    {%- set name = var('ml_waivers', none) -%}
    {%- if not name -%}{%- do return(none) -%}{%- endif -%}
    {%- do return("select metric, subject, cast(until as timestamp) as until, owner, reason from " ~ ml_monitor.own_relation(name)
        ~ " where monitor in ('*', '" ~ monitor ~ "')") -%}
{% endmacro %}

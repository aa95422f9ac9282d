{#-
  The day before which hourly counts are kept by day only (declared hourly_retention_days before as_of), as SQL; none if hours
  are kept for ever.
-#}
{% macro fold_before(spec) %}
    {%- if spec.hourly_retention_days is none -%}{%- do return(none) -%}{%- endif -%}
    {%- set today = ml_monitor.truncate('day', ml_monitor.as_of()) -%}
    {%- do return('cast(' ~ ml_monitor.date_add('day', -1 * (spec.hourly_retention_days | int), today) ~ ' as timestamp)') -%}
{% endmacro %}

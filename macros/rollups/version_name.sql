{#- The model version as the tables write it: as a segment is; `__none__` if the monitor logs none. `expression`: logged_version. -#}
{% macro version_name(spec, expression) %}
    {%- do return(ml_monitor.segment_value(expression) if ml_monitor.role_column(spec.inferences, 'model_version') else "'__none__'") -%}
{% endmacro %}

{#- The model version of a log row (alias `log`) as logged, to group by; NULL if the monitor logs none. -#}
{% macro logged_version(spec) %}
    {%- set version = ml_monitor.role_column(spec.inferences, 'model_version') -%}
    {%- do return('cast(' ~ ('log.' ~ version if version else 'null') ~ ' as ' ~ ml_monitor.text_type() ~ ')') -%}
{% endmacro %}

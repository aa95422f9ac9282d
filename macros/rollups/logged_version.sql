{#- The model version of a log row (alias `log`) as logged, to group by; NULL if the monitor logs none. -#}
{% macro logged_version(spec) %}
    {%- do return(ml_monitor.version_text(spec.inferences, 'log.') or 'cast(null as ' ~ ml_monitor.text_type() ~ ')') -%}
{% endmacro %}

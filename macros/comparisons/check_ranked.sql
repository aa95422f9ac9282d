{#- Raises if a monitor has no score of a binary task. Arguments: spec, macro (string: who asks). -#}
{% macro check_ranked(spec, macro) %}
    {%- set score = ml_monitor.role_column(spec.inferences, 'score') -%}
    {%- if execute and (spec.task != 'binary' or not score) -%}
        {%- do exceptions.raise_compiler_error('ml_monitor: ' ~ macro ~ ' of ' ~ spec.name ~ ': found task ' ~ spec.task
            ~ (' without a score' if not score) ~ '; allowed: a binary monitor with a column of role score') -%}
    {%- endif -%}
{% endmacro %}

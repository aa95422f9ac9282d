{#- The names of the parts that have a meaning of their own. Returns: list of strings. -#}
{% macro plain_parts() %}
    {%- do return(ml_monitor.monitor_parts() | map(attribute='part') | list) -%}
{% endmacro %}

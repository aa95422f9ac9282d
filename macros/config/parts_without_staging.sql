{#- The parts that are computed from columns of the inferences and have no staging model of their own. Returns: list of strings. -#}
{% macro parts_without_staging() %}
    {%- do return(ml_monitor.monitor_parts() | rejectattr('is_staged') | map(attribute='part') | list) -%}
{% endmacro %}

{#- The names of the joins of <m>__hourly_joins: its lookups and, with labels, the two directions to them. Arguments: monitor (string). -#}
{% macro join_names(monitor) %}
    {%- do return(ml_monitor.lookups(monitor) + (['labels', 'labels_to_predictions'] if ml_monitor.has_part(monitor, 'labels') else [])) -%}
{% endmacro %}

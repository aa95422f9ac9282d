{#- The `config.meta.ml_monitor` dict of a staging model; empty if there is none. -#}
{% macro staging_meta(monitor, table) %}
    {%- set node = ml_monitor.staging_node(monitor, table) -%}
    {%- do return(node.config.meta.get('ml_monitor', {}) if node else {}) -%}
{% endmacro %}

{#- The value of a setting: var `ml_<name>`, else its default. Arguments: name (string, a key of `settings`). -#}
{% macro setting(name) %}{% do return(var('ml_' ~ name, ml_monitor.settings()[name].default)) %}{% endmacro %}

{#- Whether a project has expected changes. Returns: boolean. -#}
{% macro has_expected_changes() %}{% do return(var('ml_expected_changes', none) is not none) %}{% endmacro %}

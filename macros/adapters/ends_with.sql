{#- Whether a text ends with another. Arguments: x (SQL, text), ending (string). Returns: SQL, a condition. -#}
{% macro ends_with(x, ending) %}{% do return(adapter.dispatch('ends_with', 'ml_monitor')(x, ending)) %}{% endmacro %}

{% macro default__ends_with(x, ending) %}
    {%- set escaped = ending.replace('!', '!!').replace('%', '!%').replace('_', '!_') -%}
    {%- do return(x ~ ' like ' ~ ml_monitor.string_literal('%' ~ escaped) ~ " escape '!'") -%}
{% endmacro %}

{#- BigQuery's LIKE takes no other escape than the backslash. -#}
{% macro bigquery__ends_with(x, ending) %}{% do return('ends_with(' ~ x ~ ', ' ~ ml_monitor.string_literal(ending) ~ ')') %}{% endmacro %}

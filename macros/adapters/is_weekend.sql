{#- Whether a timestamp is a Saturday or Sunday. Returns: SQL, a condition. -#}
{% macro is_weekend(expression) %}
    {%- do return(adapter.dispatch('is_weekend', 'ml_monitor')(expression)) -%}
{% endmacro %}

{% macro default__is_weekend(expression) %}
    {%- do return('extract(isodow from ' ~ expression ~ ') > 5') -%}
{% endmacro %}

{% macro spark__is_weekend(expression) %}
    {%- do return('extract(dayofweek_iso from ' ~ expression ~ ') > 5') -%}
{% endmacro %}

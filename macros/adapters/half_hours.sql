{#- Minutes as half hours, rounded: how a wrong time zone shows. Arguments: minutes (SQL). Returns: SQL, a float. -#}
{% macro half_hours(minutes) %}
    {%- do return('floor((' ~ minutes ~ ') / 30 + 0.5)') -%}
{% endmacro %}

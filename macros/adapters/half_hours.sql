{#- Minutes as half hours, rounded: how a wrong time zone shows. Arguments: minutes (SQL). Returns: SQL, a float. -#}
{% macro half_hours(minutes) %}
    {%- do return(adapter.dispatch('half_hours', 'ml_monitor')('((' ~ minutes ~ ') / 30 + 0.5)')) -%}
{% endmacro %}

{% macro default__half_hours(x) %}{% do return('floor' ~ x) %}{% endmacro %}

{#- Spark's floor is a whole number, which an infinite one would be cut to. -#}
{% macro spark__half_hours(x) %}
    {%- do return('case when abs' ~ x ~ ' < 1e15 then ' ~ ml_monitor.float64('floor' ~ x) ~ ' else ' ~ x ~ ' end') -%}
{% endmacro %}

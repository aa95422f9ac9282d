{#- A moment in UTC that is_moment takes, as a datetime. -#}
{% macro moment_of(value) %}
    {%- set text = ml_monitor.timestamp_text(value | string) -%}
    {%- do return(modules.datetime.datetime.strptime(text, '%Y-%m-%d %H:%M:%S.%f' if '.' in text else '%Y-%m-%d %H:%M:%S')) -%}
{% endmacro %}

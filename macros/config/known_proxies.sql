{#- The proxies that a monitor may declare. -#}
{% macro known_proxies() %}
    {%- do return(['score_entropy', 'near_threshold', 'decision']) -%}
{% endmacro %}

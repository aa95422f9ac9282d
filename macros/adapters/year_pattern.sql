{#- A pattern of the years 0001 to 9999, as date_pattern uses it. Returns: string. -#}
{% macro year_pattern() %}{% do return('([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)') %}{% endmacro %}

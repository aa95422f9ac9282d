{#- A data type as a line of YAML in braces writes it: in quotes, if it has brackets or commas. -#}
{% macro type_in_yaml(type) %}
    {%- do return('"' ~ type ~ '"' if modules.re.search('[][,{}]', type) else type) -%}
{% endmacro %}

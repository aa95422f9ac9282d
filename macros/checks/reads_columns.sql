{#- Whether a template has values that only the table of its metric has. -#}
{% macro reads_columns(template) %}
    {%- do return(modules.re.findall('\\{[^}]*\\}', template) | reject('in', ['{part}', '{sample}']) | list != []) -%}
{% endmacro %}

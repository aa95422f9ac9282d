{#- The names that a SQL expression reads: words that are neither functions nor words of SQL. Returns: list, each once. -#}
{% macro names_in_expression(expression) %}
    {%- set words = ['case', 'when', 'then', 'else', 'end', 'and', 'or', 'not', 'null', 'is', 'in', 'between', 'true', 'false', 'cast',
        'as', 'double', 'precision', 'float', 'integer', 'int'] -%}
    {%- set found = [] -%}
    {%- for word in modules.re.findall("(?<![\\w.'])[A-Za-z_]\\w*(?!\\w|\\s*\\()", expression | string) if word | lower not in words -%}
        {%- do found.append(word) -%}
    {%- endfor -%}
    {%- do return(found | unique | list) -%}
{% endmacro %}

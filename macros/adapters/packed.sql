{#- Texts in lines of at most 110 characters, as many to a line as fit. Arguments: texts (list), separator (string). Returns: string. -#}
{% macro packed(texts, separator) %}
    {%- set ns = namespace(lines=[], line='') -%}
    {%- for text in texts -%}
        {%- if ns.line and ns.line | length + text | length > 109 -%}
            {%- set ns.lines, ns.line = ns.lines + [ns.line], text -%}
        {%- else -%}
            {%- set ns.line = ns.line ~ (separator if ns.line else '') ~ text -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return((ns.lines + [ns.line]) | join(separator.rstrip() ~ '\n')) -%}
{% endmacro %}

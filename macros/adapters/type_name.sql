{#- A declared type by the name we compare by; lengths of texts are left out. Arguments: type (string). Returns: string. -#}
{% macro type_name(type) %}
    {%- set written = (type | string | trim | lower).replace(', ', ',').replace(' (', '(') -%}
    {%- set parts = written.partition('(') -%}
    {%- set ns = namespace(found=written) -%}
    {%- for name, spellings in ml_monitor.type_names().items() if parts[0] in spellings -%}
        {%- set ns.found = name ~ (parts[1] ~ parts[2] if name == 'decimal' else '') -%}
    {%- endfor -%}
    {%- do return(ns.found) -%}
{% endmacro %}

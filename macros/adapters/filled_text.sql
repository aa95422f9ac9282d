{#-
  A text with values in it, as SQL; NULL if one of the values is.

  Arguments: template (string) with columns or other SQL in braces
    {row_count}          the value as text
    {median:4}           a number with so many decimals
    {median:4|unknown}   the same, with a word for NULL
-#}
{% macro filled_text(template) %}
    {%- set ns = namespace(parts=[]) -%}
    {%- for part in modules.re.split('\\{([^{}]*)\\}', template) -%}
        {%- set number = modules.re.fullmatch('(?s)(.*):([0-9])(?:[|]([a-z]+))?', part) -%}
        {%- if loop.index0 is even -%}
            {%- set ns.parts = ns.parts + ([ml_monitor.string_literal(part)] if part else []) -%}
        {%- elif number -%}
            {%- set shown = ml_monitor.number_text(number.group(1), number.group(2)) -%}
            {%- set word = number.group(3) -%}
            {%- set ns.parts = ns.parts + ['coalesce(' ~ shown ~ ", '" ~ word ~ "')" if word else shown] -%}
        {%- else -%}
            {%- set ns.parts = ns.parts + ['cast(' ~ part ~ ' as ' ~ ml_monitor.text_type() ~ ')'] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(ns.parts | join(' || ')) -%}
{% endmacro %}

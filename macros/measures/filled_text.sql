{#-
  A text with values in it, as SQL. Arguments: template (string) with columns or other SQL in braces: `{null_count} of {row_count} rows`;
  with a colon and a digit, so many decimals: `{median:4}`. NULL if one of the values is.
-#}
{% macro filled_text(template) %}
    {%- set ns = namespace(parts=[]) -%}
    {%- for part in modules.re.split('\\{([^{}]*)\\}', template) -%}
        {%- if loop.index0 is even -%}
            {%- set ns.parts = ns.parts + ([ml_monitor.string_literal(part)] if part else []) -%}
        {%- elif part[-2:-1] == ':' -%}
            {%- set ns.parts = ns.parts + [ml_monitor.number_text(part[:-2], part[-1])] -%}
        {%- else -%}
            {%- set ns.parts = ns.parts + ['cast(' ~ part ~ ' as ' ~ ml_monitor.text_type() ~ ')'] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(ns.parts | join(' || ')) -%}
{% endmacro %}

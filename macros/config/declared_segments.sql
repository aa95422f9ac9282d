{#- The declared segments: dict of name -> list of columns. Columns that are crossed are named with ` * ` between them. -#}
{% macro declared_segments(meta) %}
    {%- set segments = {} -%}
    {%- for segment in meta.get('segments') or [] -%}
        {%- if segment is string -%}{%- do segments.update({segment: [segment]}) -%}
        {%- elif ml_monitor.is_list(segment) -%}{%- do segments.update({segment | join(' * '): segment}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(segments) -%}
{% endmacro %}

{#- One text that identifies a row: md5 over its key columns, as dbt users know it. Arguments: list of SQL. Returns: SQL. -#}
{% macro surrogate_key(expressions) %}
    {%- set ns = namespace(parts=[]) -%}
    {%- for expression in expressions -%}
        {%- set ns.parts = ns.parts + ["coalesce(cast(" ~ expression ~ " as " ~ ml_monitor.text_type() ~ "), '')"] -%}
    {%- endfor -%}
    {%- do return(ml_monitor.md5_text(ns.parts | join(" || '|' || "))) -%}
{% endmacro %}

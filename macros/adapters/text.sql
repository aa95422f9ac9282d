{#- A number as text with a fixed number of decimals, for messages; magnitudes are capped at 1e12. Arguments: SQL. Returns: SQL. -#}
{% macro number_text(expression, digits=2) %}
    {%- set clipped = 'greatest(-1e12, least(1e12, ' ~ expression ~ '))' -%}
    {%- do return('case when ' ~ expression ~ ' is null then null else cast(cast(' ~ clipped ~ ' as decimal(20, ' ~ digits ~ ')) as ' ~ dbt.type_string() ~ ') end') -%}
{% endmacro %}


{#- One text that identifies a row: md5 over its key columns, as dbt users know it. Arguments: list of SQL. Returns: SQL. -#}
{% macro surrogate_key(expressions) %}
    {%- set ns = namespace(parts=[]) -%}
    {%- for expression in expressions -%}
        {%- set ns.parts = ns.parts + ["coalesce(cast(" ~ expression ~ " as " ~ dbt.type_string() ~ "), '')"] -%}
    {%- endfor -%}
    {%- do return("md5(" ~ ns.parts | join(" || '|' || ") ~ ")") -%}
{% endmacro %}

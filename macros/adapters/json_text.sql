{#-
  What a JSON text has at a path, as text: strings without quotes, objects and arrays as JSON, with spaces as the engine writes them. NULL
  where there is nothing, JSON null, or no JSON.

  NaN and Infinity, which JSON does not know and Python writes, are texts. PostgreSQL has no test of JSON before version 16: there a
  pattern tells by the first and the last character, and a text that passes it and is no JSON stops the query.

  Arguments: x (SQL, text or JSON), path (list of keys of objects and places of arrays, from 0; empty for the whole). Returns: SQL, text.
-#}
{% macro json_text(x, path=[]) %}
    {%- do return(adapter.dispatch('json_text', 'ml_monitor')(x, path)) -%}
{% endmacro %}

{% macro default__json_text(x, path) %}{% do ml_monitor.not_ported('json_text', 'x, path') %}{% endmacro %}

{% macro duckdb__json_text(x, path) %}
    {%- set ns = namespace(pointer='') -%}
    {%- for key in path -%}
        {%- set ns.pointer = ns.pointer ~ '/' ~ (key | string).replace('~', '~0').replace('/', '~1') -%}
    {%- endfor -%}
    {%- do return('try(json_extract_string(' ~ x ~ ', ' ~ ml_monitor.string_literal(ns.pointer) ~ '))') -%}
{% endmacro %}

{% macro postgres__json_text(x, path) %}
    {%- set ns = namespace(keys=[]) -%}
    {%- for key in path -%}{%- set ns.keys = ns.keys + [ml_monitor.string_literal(key)] -%}{%- endfor -%}
    {%- set text = 'cast(' ~ x ~ ' as text)' -%}
    {%- set pattern = '^\\s*(\\{.*\\}|\\[.*\\]|".*"|-?[0-9][0-9.eE+-]*|true|false|null)\\s*$' -%}
    {%- do return('case when ' ~ text ~ ' ~ ' ~ ml_monitor.string_literal(pattern) ~ ' then cast('
        ~ 'regexp_replace(' ~ text ~ ', ' ~ ml_monitor.string_literal('([:,[]\\s*)(-?NaN|-?Infinity)(?=\\s*[],}])') ~ ', '
        ~ ml_monitor.string_literal('\\1"\\2"') ~ ", 'g')"
        ~ ' as jsonb) #>> cast(array[' ~ ns.keys | join(', ') ~ '] as text[]) end') -%}
{% endmacro %}

{#- Step by step, as a map or an array of texts, which is NULL of what is no JSON; get_json_object would read the beginning of one. -#}
{% macro spark__json_text(x, path) %}
    {%- set ns = namespace(found="from_json('{\"x\":' || " ~ x ~ " || '}', 'map<string,string>')['x']") -%}
    {%- for key in path -%}
        {%- if key is number -%}
            {%- set ns.found = 'get(from_json(' ~ (x if loop.first else ns.found) ~ ", 'array<string>'), " ~ key ~ ')' -%}
        {%- else -%}
            {%- set ns.found = 'from_json(' ~ (x if loop.first else ns.found) ~ ", 'map<string,string>')["
                ~ ml_monitor.string_literal(key) ~ ']' -%}
        {%- endif -%}
    {%- endfor -%}
    {#- A bare NaN comes with quotes. -#}
    {%- do return('regexp_replace(' ~ ns.found ~ ", '^\"(-?(?:NaN|Infinity))\"$', '$1')") -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__json_text(x, path) %}{% do return(ml_monitor.default__json_text(x, path)) %}{% endmacro %}

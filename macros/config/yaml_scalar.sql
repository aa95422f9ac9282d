{#-
  A text as a YAML scalar for a flow collection on one line. Plain if it can only be read as text; else in double quotes, with Jinja,
  carriage returns and a newline at its end written so that dbt, which renders every text, gives them back.
-#}
{% macro yaml_scalar(value) %}
    {%- set words = ['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'none', 'nan', 'inf'] -%}
    {%- if modules.re.match('^[A-Za-z_][A-Za-z0-9_]*([ .@-][A-Za-z0-9_]+)*\\Z', value) and value.lower() not in words -%}
        {%- do return(value) -%}
    {%- endif -%}
    {%- set ns = namespace(text='') -%}
    {%- set escaped = modules.re.sub('(\\{[{%#])', "{{ '\\1' }}", value).replace('\r', "{{ '\\r' }}") -%}
    {%- set escaped = escaped[:-1] ~ "{{ '\\n' }}" if escaped.endswith('\n') else escaped -%}
    {%- for letter in escaped -%}
        {%- set is_control = modules.re.match('[\\x00-\\x1f\\x7f-\\xa0\\u2028\\u2029\\ufeff\\ufffe\\uffff]', letter) -%}
        {%- set plain = letter not in '"\\' and not is_control -%}
        {%- set ns.text = ns.text ~ (letter if plain else tojson(letter)[1:-1]) -%}
    {%- endfor -%}
    {%- do return('"' ~ ns.text ~ '"') -%}
{% endmacro %}

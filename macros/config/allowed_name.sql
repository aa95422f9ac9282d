{#-
  The name that the contract may use for a column, and why not its own: dict {name, refusal (none if it is its own)}. The rules are those
  of name_refusal. Arguments: column, taken (list of the names in lower case that the columns before it got), names (of all columns).
-#}
{% macro allowed_name(column, taken, names) %}
    {%- set name = column.name -%}
    {%- set ns = namespace(name=name, refusal=ml_monitor.name_refusal(name)) -%}
    {%- if '"' in name or '`' in name -%}
        {%- set plain = name.replace('"', '').replace('`', '').lower() -%}
        {%- set ns.name = modules.re.sub('[^a-z0-9_]+', '_', plain).strip('_') or 'unnamed' -%}
    {%- elif ns.refusal -%}
        {%- set ns.name = 'my_' ~ name -%}
    {%- endif -%}
    {%- if name.lower() in taken -%}{%- set ns.refusal = ns.refusal or 'differs from another by case only' -%}{%- endif -%}
    {%- set others = taken + (names if ns.refusal else []) -%}
    {%- set stem = ns.name.lower() -%}
    {%- for number in range(2, others | length + 3) if ns.refusal and ns.name.lower() in others -%}
        {%- set ns.name = stem ~ '_' ~ number -%}
    {%- endfor -%}
    {%- do return({'name': ns.name, 'refusal': ns.refusal}) -%}
{% endmacro %}

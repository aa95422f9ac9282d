{#- 'country de: ' for the message of a group, with ` || ` behind it: SQL; nothing without groups. Arguments: group_by. -#}
{% macro group_text(group_by) %}
    {%- set ns = namespace(groups=[]) -%}
    {%- for column, name in ml_monitor.group_pairs(group_by) -%}
        {%- set value = 'coalesce(cast(' ~ name ~ ' as ' ~ ml_monitor.text_type() ~ "), 'NULL')" -%}
        {%- set ns.groups = ns.groups + [ml_monitor.string_literal(column ~ ' ') ~ ' || ' ~ value] -%}
    {%- endfor -%}
    {%- do return(ns.groups | join(" || ', ' || ") ~ " || ': ' || " if ns.groups else '') -%}
{% endmacro %}

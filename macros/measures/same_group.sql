{#- Two rows have the same group, NULL included: an SQL condition. Arguments: left, right (aliases), names (list of SQL names). -#}
{% macro same_group(left, right, names) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- for name in names -%}
        {%- set ns.conditions = ns.conditions + [left ~ '.' ~ name ~ ' is not distinct from ' ~ right ~ '.' ~ name] -%}
    {%- endfor -%}
    {%- do return(ns.conditions | join(' and ') or '1 = 1') -%}
{% endmacro %}

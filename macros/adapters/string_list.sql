{#- A list of values as SQL string literals. Arguments: values (list). Returns: SQL, with commas between. -#}
{% macro string_list(values) %}
    {%- set ns = namespace(literals=[]) -%}
    {%- for value in values -%}{%- set ns.literals = ns.literals + [ml_monitor.string_literal(value)] -%}{%- endfor -%}
    {%- do return(ns.literals | join(', ')) -%}
{% endmacro %}

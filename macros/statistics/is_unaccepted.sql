{#-
  A text that is none of the accepted values of its column, or does not match its pattern. Arguments: x (SQL), column (of a spec). Returns:
  SQL, or none.
-#}
{% macro is_unaccepted(x, column) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- if column.accepted_values -%}
        {%- set ns.conditions = ns.conditions + [x ~ ' not in (' ~ ml_monitor.string_list(column.accepted_values) ~ ')'] -%}{%- endif -%}
    {%- if column.pattern -%}{%- set ns.conditions = ns.conditions + ['not (' ~ ml_monitor.matches(x, column.pattern) ~ ')'] -%}
        {%- endif -%}
    {%- do return('(' ~ ns.conditions | join(' or ') ~ ')' if ns.conditions else none) -%}
{% endmacro %}

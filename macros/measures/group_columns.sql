{#-
  The argument `group_by` of a measure as a list of SQL names: one name may be given without a list.
  Arguments: group_by (string, or list of strings and of [SQL name, name in the result]). Returns: list of strings.
-#}
{% macro group_columns(group_by) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for group in ([group_by] if group_by is string else group_by or []) -%}
        {%- set ns.columns = ns.columns + [group if group is string else group[0]] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}

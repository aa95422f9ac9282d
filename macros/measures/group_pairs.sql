{#-
  The argument `group_by` of a measure as pairs: one name may be given without a list.
  Arguments: group_by (string, or list of strings and of [SQL name, name in the result]).
  Returns: list of [SQL name, name in the result].
-#}
{% macro group_pairs(group_by) %}
    {%- set ns = namespace(pairs=[]) -%}
    {%- for group in ([group_by] if group_by is string else group_by or []) -%}
        {%- set ns.pairs = ns.pairs + [[group, group] if group is string else group] -%}
    {%- endfor -%}
    {%- do return(ns.pairs) -%}
{% endmacro %}

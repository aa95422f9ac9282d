{#-
  Groups under names of our own, so that a column named `psi` or `row_count` is not taken for what is measured. For tests, which show the
  groups in messages only.
  Arguments: group_by (string or list of strings). Returns: list of [SQL name, name in the result].
-#}
{% macro groups_apart(group_by) %}
    {%- set ns = namespace(groups=[]) -%}
    {%- for column in ml_monitor.group_columns(group_by) -%}
        {%- set ns.groups = ns.groups + [[column, 'ml_group_' ~ loop.index]] -%}
    {%- endfor -%}
    {%- do return(ns.groups) -%}
{% endmacro %}

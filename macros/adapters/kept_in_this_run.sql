{#-
  What is worked out once in a run and used by many models, such as the names of types and the declarations. It is kept in dbt's
  `graph`, the one object that models share; by invocation, since a program may run dbt several times on one graph, with other vars.
  Finding the variant of a macro for an adapter takes dbt a third of a millisecond, and a run asks for the name of a type three thousand
  times.

  Returns: dict, empty at first; while dbt parses, and in unit tests, whose graph is empty, one that is kept nowhere.
-#}
{% macro kept_in_this_run() %}
    {%- if not execute or not graph -%}{%- do return({}) -%}{%- endif -%}
    {%- set kept = graph.setdefault('ml_monitor', {}) -%}
    {%- if invocation_id not in kept -%}{%- do kept.clear() -%}{%- endif -%}
    {%- do return(kept.setdefault(invocation_id, {})) -%}
{% endmacro %}

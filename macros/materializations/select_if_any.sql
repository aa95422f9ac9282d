{#-
  The select of a table that is written only if one of its CTEs has rows.

  Arguments: macro, monitor (strings, for the comment), ctes (SQL: the CTEs that the select begins with), name (string: the last of them,
  which
    says what is written), asks (boolean: false where more is written than `name` says, or where reading that CTE costs as much as the
      rest).
  Called with a block: the rest of the select, which ends in the CTE `final`.
  Returns: the select, with the line that the materialization ml_monitor_table looks for.
-#}
{% macro select_if_any(macro, monitor, ctes, name, asks=true) -%}
-- ml_monitor.{{ macro }}('{{ monitor }}')
with

{{ ctes | trim }}

{% if asks -%}
-- Written only if {{ name }} has rows.
{% endif -%}
{{ caller() | trim }}
{%- endmacro %}

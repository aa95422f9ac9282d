{#-
  The grains of windows as rows, to sum hours to windows of several grains in one pass: `from hours cross join <this> as grains`.
  Arguments: grains (list of `hour`, `day`, `month`). Returns: SQL, a subquery with window_grain.
-#}
{% macro grains(grains) %}
    {%- set ns = namespace(rows=[]) -%}
    {%- for grain in grains -%}
        {%- set ns.rows = ns.rows + ["select cast('" ~ grain ~ "' as " ~ ml_monitor.text_type() ~ ') as window_grain'] -%}
    {%- endfor -%}
    {%- do return('(' ~ ns.rows | join(' union all ') ~ ')') -%}
{% endmacro %}

{#-
  A bound of the difference of two independent values from the bounds of both.
  Arguments: a, b (SQL names, each beside <name>_low and <name>_high), side (`low` or `high`). Returns: SQL, of a - b.
  Source: Newcombe (1998) for shares; Zou and Donner (2008).
-#}
{% macro difference_bound(a, b, side) %}
    {%- if side == 'low' -%}
        {%- do return(a ~ ' - ' ~ b ~ ' - sqrt(power(' ~ a ~ ' - ' ~ a ~ '_low, 2) + power(' ~ b ~ '_high - ' ~ b ~ ', 2))') -%}
    {%- endif -%}
    {%- do return(a ~ ' - ' ~ b ~ ' + sqrt(power(' ~ a ~ '_high - ' ~ a ~ ', 2) + power(' ~ b ~ ' - ' ~ b ~ '_low, 2))') -%}
{% endmacro %}

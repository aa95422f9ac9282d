{#-
  Standardised value, clipped so that its square stays finite: (x - center) / scale within +-1e15; NULL if x is not finite.
  Arguments: x (SQL), center, scale (SQL). Returns: SQL.
-#}
{% macro standardised(x, center, scale) %}
    {%- set z = '(' ~ x ~ ' - ' ~ center ~ ') / ' ~ scale %}
    case when {{ x }} between -1e100 and 1e100 then case when abs({{ z }}) <= 1e15 then {{ z }} else 1e15 * sign({{ z }}) end end
{%- endmacro %}

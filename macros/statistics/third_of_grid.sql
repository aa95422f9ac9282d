{#-
  Which part of the frozen grid a value lies in: 0 low (at or below its third decile), 1 middle, 2 high (above its seventh), 3 no finite
  number. With 20 edges instead of deciles: the edges next to them, 6/19 and 13/19.
  Arguments: x, z (SQL: the value, and standardised: NULL where x is not finite), low_edge, high_edge (SQL). Returns: SQL, an int.
-#}
{% macro third_of_grid(x, z, low_edge, high_edge) %}
    {%- set part = x ~ ' <= ' ~ low_edge ~ ' then 0 when ' ~ x ~ ' <= ' ~ high_edge ~ ' then 1 else 2 end' -%}
    {%- do return('case when ' ~ z ~ ' is null then 3 when ' ~ part) -%}
{% endmacro %}

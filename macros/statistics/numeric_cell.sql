{#-
  Cell of a standardised value on a symmetric log scale made of square roots only, which every engine rounds alike:
  linear near 0, about 32 cells per e-fold in the tails at resolution 1024.

  Arguments: z (SQL, from `standardised`), resolution (int: 1024, or 2048 for scores).
  Returns: an integer SQL expression, 0 where z is NULL. Source: STATISTICS, "Counting".
-#}
{% macro numeric_cell(z, resolution=1024) %}
    coalesce(cast(sign({{ z }}) * floor({{ resolution }} * (sqrt(sqrt(sqrt(sqrt(sqrt(1 + abs({{ z }})))))) - 1) + 0.5) as int), 0)
{%- endmacro %}

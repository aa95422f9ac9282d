{#-
  A standardised value clipped to +-4, as correlations use it; magnitudes below 1e-100 count as 0, so that no square underflows.

  The values are standardised by the frozen grid: 1 is an interquartile range, 0 the median. Tukey's outer fences are 3 ranges beyond the
  quartiles, 3.5 from the median of a symmetric column: what is nearer counts unchanged (5.4 standard deviations of a normal column), and
  what is further out counts as 4. A product is then at most 16, so that no single row, nor a handful in another unit, decides a
  correlation.

  Arguments: z (SQL). Returns: SQL.
-#}
{% macro clipped_z(z) %}
    {%- do return('case when ' ~ z ~ ' > 4 then 4 when ' ~ z ~ ' < -4 then -4 when abs(' ~ z ~ ') < 1e-100 then 0 else ' ~ z ~ ' end') -%}
{% endmacro %}

{#-
  Cosine of two vectors from the sum of their products and their norms, within -1 and 1; NULL if one is a zero vector.

  PostgreSQL raises where a quotient underflows, so one below 1e-100 is 0. Arguments: SQL of 64-bit floats. Returns: SQL.
-#}
{% macro cosine(product_sum, norm, other_norm) %}
    {%- set norms = '(' ~ norm ~ ' * ' ~ other_norm ~ ')' -%}
    {%- do return('case when ' ~ norm ~ ' > 0 and ' ~ other_norm ~ ' > 0 then case when abs(' ~ product_sum ~ ') < 1e-100 * ' ~ norms
        ~ ' then 0 else ' ~ ml_monitor.greatest_of([-1, ml_monitor.least_of([1, product_sum ~ ' / ' ~ norms])]) ~ ' end end') -%}
{% endmacro %}

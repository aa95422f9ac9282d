{#-
  What a vector counts as: 1 if it can be used, -1 if it is NULL, -2 if it has another number of elements than declared, -3 if one of them is NULL,
  -4 if one is NaN or infinite (magnitudes about 1e100 count as infinite, as in is_infinite). The first that holds.

  Arguments: x (SQL), dimensions (integer: the declared number of elements), norm (SQL, if it is at hand). Returns: SQL, an int.
-#}
{% macro vector_state(x, dimensions, norm=none) %}
    {%- set norm = norm or ml_monitor.vector_norm(x) -%}
    {%- do return('case when ' ~ x ~ ' is null then -1 when ' ~ ml_monitor.vector_length(x) ~ ' <> ' ~ dimensions ~ ' then -2 when ' ~ norm ~ ' is null then -3 when '
        ~ norm ~ ' <= 1e100 then 1 else -4 end') -%}
{% endmacro %}


{#-
  Cosine of two vectors from the sum of their products and their norms, within -1 and 1; NULL if one is a zero vector.

  PostgreSQL raises where a quotient underflows, so one below 1e-100 is 0. Arguments: SQL of 64-bit floats. Returns: SQL.
-#}
{% macro cosine(product_sum, norm, other_norm) %}
    {%- set norms = '(' ~ norm ~ ' * ' ~ other_norm ~ ')' -%}
    {%- do return('case when ' ~ norm ~ ' > 0 and ' ~ other_norm ~ ' > 0 then case when abs(' ~ product_sum ~ ') < 1e-100 * ' ~ norms
        ~ ' then 0 else ' ~ ml_monitor.greatest_of([-1, ml_monitor.least_of([1, product_sum ~ ' / ' ~ norms])]) ~ ' end end') -%}
{% endmacro %}

{#-
  Correlation of two columns from sums that add up, and what a change of it is measured in.

  The values are standardised by the frozen grid and clipped to +-4 interquartile ranges from the median. Tukey's outer fences are 3
  ranges beyond the quartiles, 3.5 from the median of a symmetric column: so all but what is far out counts whole (5.4 standard
  deviations of a normal column), and what is far out counts as far out, however far. A product is then at most 16, so that
  no single row, nor a handful in another unit, makes or breaks a correlation.
-#}


{#- A standardised value within +-4. Beside 0 nothing is so small that its square would underflow. Arguments: z (SQL). -#}
{% macro clipped_z(z) %}
    {%- do return('case when ' ~ z ~ ' > 4 then 4 when ' ~ z ~ ' < -4 then -4 when abs(' ~ z ~ ') < 1e-100 then 0 else ' ~ z ~ ' end') -%}
{% endmacro %}


{#-
  Which part of the frozen grid a value lies in: 0 low (at or below its third decile), 1 middle, 2 high (above its seventh), 3 no finite number.
  With 20 edges instead of deciles: the edges next to them, 6/19 and 13/19.
  Arguments: x, z (SQL: the value, and standardised: NULL where x is not finite), low_edge, high_edge (SQL). Returns: SQL, an int.
-#}
{% macro third_of_grid(x, z, low_edge, high_edge) %}
    {%- do return('case when ' ~ z ~ ' is null then 3 when ' ~ x ~ ' <= ' ~ low_edge ~ ' then 0 when ' ~ x ~ ' <= ' ~ high_edge ~ ' then 1 else 2 end') -%}
{% endmacro %}


{#- The names of the parts of third_of_grid, in their order. -#}
{% macro thirds() %}{% do return(['low', 'middle', 'high']) %}{% endmacro %}


{#- The number of the edge below which a value is low, and above which it is high. Arguments: edges (int). Returns: list of two ints. -#}
{% macro third_edges(edges) %}
    {%- set low = (0.3 * (edges - 1)) | round | int -%}
    {%- do return([low, edges - 1 - low]) -%}
{% endmacro %}


{#-
  Pearson's correlation from a row count and sums of two columns of clipped values; NULL with fewer than two rows or a constant column. So is one
  whose variance is below 1e-6 of the squares that it is the difference of: of the sixteen digits of these it would keep fewer than ten.
  Arguments: SQL. Returns: SQL, -1 to 1.
-#}
{% macro correlation_from_sums(row_count, sum_a, sum_b, squared_sum_a, squared_sum_b, product_sum) -%}
    {%- set n = ml_monitor.float64(row_count) -%}
    {%- set spread_a = '(' ~ n ~ ' * ' ~ squared_sum_a ~ ' - ' ~ sum_a ~ ' * ' ~ sum_a ~ ')' -%}
    {%- set spread_b = '(' ~ n ~ ' * ' ~ squared_sum_b ~ ' - ' ~ sum_b ~ ' * ' ~ sum_b ~ ')' -%}
    {%- set product = '(' ~ n ~ ' * ' ~ product_sum ~ ' - ' ~ sum_a ~ ' * ' ~ sum_b ~ ')' -%}
    case
        when {{ n }} > 1 and {{ spread_a }} > 1e-6 * {{ n }} * {{ squared_sum_a }} and {{ spread_b }} > 1e-6 * {{ n }} * {{ squared_sum_b }}
            then {{ ml_monitor.greatest_of([-1, ml_monitor.least_of([1, product ~ ' / (sqrt(' ~ spread_a ~ ') * sqrt(' ~ spread_b ~ '))'])]) }}
    end
{%- endmacro %}


{#-
  Fisher's z of a correlation, its inverse hyperbolic tangent: of about the same variance, 1 / (n - 3), whatever the correlation is. Beyond
  +-0.9999 (4.95) it stays there, since 1 has none. NULL for NULL. Arguments: correlation (SQL). Returns: SQL.
  Source: Fisher (1921); numpy.arctanh.
-#}
{% macro fisher_z(correlation) %}
    {%- set r = ml_monitor.greatest_of([-0.9999, ml_monitor.least_of([0.9999, correlation])]) -%}
    {%- do return('case when ' ~ correlation ~ ' is not null then ln((1 + ' ~ r ~ ') / (1 - ' ~ r ~ ')) / 2 end') -%}
{% endmacro %}

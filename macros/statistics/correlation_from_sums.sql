{#-
  Pearson's correlation from a row count and sums of two columns of clipped values. NULL with fewer than two rows or a constant column; also
  if a variance is below 1e-6 of the squares that it is a difference of, since fewer than ten digits would be left.
  Arguments: SQL. Returns: SQL, -1 to 1.
-#}
{% macro correlation_from_sums(row_count, sum_a, sum_b, squared_sum_a, squared_sum_b, product_sum) -%}
    {%- set n = ml_monitor.float64(row_count) -%}
    {%- set spread_a = '(' ~ n ~ ' * ' ~ squared_sum_a ~ ' - ' ~ sum_a ~ ' * ' ~ sum_a ~ ')' -%}
    {%- set spread_b = '(' ~ n ~ ' * ' ~ squared_sum_b ~ ' - ' ~ sum_b ~ ' * ' ~ sum_b ~ ')' -%}
    {%- set product = '(' ~ n ~ ' * ' ~ product_sum ~ ' - ' ~ sum_a ~ ' * ' ~ sum_b ~ ')' -%}
    {%- set correlation = product ~ ' / (sqrt(' ~ spread_a ~ ') * sqrt(' ~ spread_b ~ '))' -%}
    case
        when
            {{ n }} > 1
            and {{ spread_a }} > 1e-6 * {{ n }} * {{ squared_sum_a }}
            and {{ spread_b }} > 1e-6 * {{ n }} * {{ squared_sum_b }}
            then {{ ml_monitor.greatest_of([-1, ml_monitor.least_of([1, correlation])]) }}
    end
{%- endmacro %}

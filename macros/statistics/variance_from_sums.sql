{#-
  Population variance from summed counts, sums and sums of squares, some of which may be negative (a window taken out of its
  baseline). A variance below 1e-10 of the squares it is the difference of is what rounding leaves of 0.
  Arguments: SQL, of which sums are taken; magnitude (SQL, default |squared_sum|: the squares that squared_sum is the difference of).
  Returns: SQL; NULL without rows.
-#}
{% macro variance_from_sums(row_count, value_sum, squared_sum, magnitude=none) -%}
    {%- set mean = 'sum(' ~ value_sum ~ ') / sum(' ~ row_count ~ ')' -%}
    {%- set variance = 'sum(' ~ squared_sum ~ ') / sum(' ~ row_count ~ ') - (' ~ mean ~ ') * (' ~ mean ~ ')' -%}
    {%- set magnitude = magnitude or 'abs(' ~ squared_sum ~ ')' -%}
    case
            when sum({{ row_count }}) > 0
                then case when sum({{ row_count }}) * ({{ variance }}) > 1e-10 * sum({{ magnitude }}) then {{ variance }} else 0 end
        end
{%- endmacro %}

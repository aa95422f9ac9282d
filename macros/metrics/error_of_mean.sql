{#-
  Standard error of a mean, as SQL, widened for few rows so that a normal interval is nearly that of Student's t.
  Arguments: spread (SQL: population standard deviation of the values), rows (SQL).
  Source: Abramowitz and Stegun (1964) 26.7.5 for the quantile: t = z (1 + (z^2 + 1) / (4 n)).
-#}
{% macro error_of_mean(spread, rows) %}
    {%- do return(spread ~ ' * (1 + 3.5 / ' ~ rows ~ ') / nullif(sqrt(' ~ rows ~ '), 0)') -%}
{% endmacro %}

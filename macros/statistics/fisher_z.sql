{#-
  Fisher's z of a correlation, its inverse hyperbolic tangent: of about the same variance, 1 / (n - 3), whatever the correlation is. Beyond
  +-0.9999 (4.95) it stays there, since 1 has none. NULL for NULL. Arguments: correlation (SQL). Returns: SQL.
  Source: Fisher (1921); numpy.arctanh.
-#}
{% macro fisher_z(correlation) %}
    {%- set r = ml_monitor.greatest_of([-0.9999, ml_monitor.least_of([0.9999, correlation])]) -%}
    {%- do return('case when ' ~ correlation ~ ' is not null then ln((1 + ' ~ r ~ ') / (1 - ' ~ r ~ ')) / 2 end') -%}
{% endmacro %}

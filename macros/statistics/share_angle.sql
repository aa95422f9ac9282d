{#-
  The angle of a share, asin(sqrt(share)), as SQL: by sampling it varies with 1 / (4 n) whatever the share is, and shares that rise from
  little spread as evenly on it as others. What rounding puts outside 0 to 1 counts as that.

  Arguments: share (SQL, a 64-bit float). Source: Anscombe (1948), The transformation of Poisson, binomial and negative-binomial data.
-#}
{% macro share_angle(share) %}
    {%- do return('asin(sqrt(' ~ ml_monitor.greatest_of([0, ml_monitor.least_of([1, share])]) ~ '))') -%}
{% endmacro %}

{#- The rank of quantile k/steps among n sorted values, as percentile_disc defines it: ceil(k * n / steps). -#}
{% macro rank_of(k, steps, n) %}floor(({{ k }} * {{ n }} + {{ steps }} - 1) / {{ ml_monitor.float64(steps) }}){% endmacro %}

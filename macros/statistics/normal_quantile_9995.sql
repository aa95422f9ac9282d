{#- The 0.9995 quantile of the standard normal distribution: one value in a thousand is further from 0. Source: scipy.stats.norm.ppf. -#}
{% macro normal_quantile_9995() %}{% do return(3.290526731491926) %}{% endmacro %}

{#- numerator / denominator as a 64-bit float; NULL when the denominator is 0. Arguments: SQL. -#}
{% macro ratio(numerator, denominator) %}
    {%- do return('case when ' ~ denominator ~ ' > 0 then ' ~ ml_monitor.float64(numerator) ~ ' / ' ~ denominator ~ ' end') -%}
{% endmacro %}

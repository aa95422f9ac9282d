{#- Not a number. NaN equals itself on every engine we run. -#}
{% macro is_nan(x) %}
    {%- do return(x ~ ' = ' ~ ml_monitor.float64("'NaN'")) -%}
{% endmacro %}

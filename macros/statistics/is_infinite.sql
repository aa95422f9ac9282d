{#- Infinite; magnitudes above 1e100 count as infinite, as in numeric_slot. -#}
{% macro is_infinite(x) %}
    {%- do return('(' ~ x ~ ' < -1e100 or (' ~ x ~ ' > 1e100 and ' ~ x ~ ' <> ' ~ ml_monitor.float64("'NaN'") ~ '))') -%}
{% endmacro %}

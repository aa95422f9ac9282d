{#- The length in days of a window of window_days, 1 for every other. Arguments: alias (of a relation with window_grain). Returns: SQL. -#}
{% macro days_of_window(alias) -%}
case {{ alias }}.window_grain
{%- for grain, days in ml_monitor.window_days().items() if days > 1 %} when '{{ grain }}' then {{ days }}{% endfor %} else 1 end
{%- endmacro %}

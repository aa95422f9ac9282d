{#-
  Whether a number is beyond declared limits. NULL meets no condition, and NaN is above no limit.
  Arguments: x (SQL: a 64-bit float), signs (list of two comparison operators, for the minimum and the maximum), minimum, maximum
    (numbers or none). Returns: SQL condition, none without limits.
-#}
{% macro compared_with_limits(x, signs, minimum, maximum) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- if minimum is not none -%}{%- set ns.conditions = ns.conditions + [x ~ ' ' ~ signs[0] ~ ' ' ~ ml_monitor.float64(minimum)] -%}
        {%- endif -%}
    {%- if maximum is not none -%}
        {%- set ns.conditions = ns.conditions + [x ~ ' ' ~ signs[1] ~ ' ' ~ ml_monitor.float64(maximum)
        ~ (' and ' ~ x ~ ' <> ' ~ ml_monitor.float64("'NaN'") if signs[1] == '>' else '')] -%}{%- endif -%}
    {%- do return('(' ~ ns.conditions | join(' or ') ~ ')' if ns.conditions else none) -%}
{% endmacro %}

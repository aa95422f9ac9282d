{#-
  Conditions on one value, as SQL: what a rollup counts hour by hour and a generic test counts on raw rows is the same condition.
  NULL meets none of them (the condition is NULL or false). Arguments: x (SQL; a 64-bit float or a text), others as named.
-#}


{#- Not a number. NaN equals itself on every engine we run. -#}
{% macro is_nan(x) %}
    {%- do return(x ~ ' = ' ~ ml_monitor.float64("'NaN'")) -%}
{% endmacro %}


{#- Infinite; magnitudes above 1e100 count as infinite, as in numeric_slot. -#}
{% macro is_infinite(x) %}
    {%- do return('(' ~ x ~ ' < -1e100 or (' ~ x ~ ' > 1e100 and ' ~ x ~ ' <> ' ~ ml_monitor.float64("'NaN'") ~ '))') -%}
{% endmacro %}


{#- A text of nothing but white space. -#}
{% macro is_empty_text(x) %}
    {%- do return(ml_monitor.matches(x, '^\\s*$')) -%}
{% endmacro %}


{#- A text that is a number as people and exports write it: signs, blanks around it, commas, an exponent. -#}
{% macro is_numeric_text(x) %}
    {%- do return(ml_monitor.matches(x, '^\\s*[-+]?([0-9][0-9,]*[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?\\s*$')) -%}
{% endmacro %}


{#-
  A number outside its declared limits, or at one of them (`is_clipped`): where a service clips, values pile up there. NaN is neither,
  though it sorts above every number.
  Arguments: x (SQL), minimum, maximum (numbers or none). Returns: SQL, or none if there is no limit.
-#}
{% macro is_outside(x, minimum, maximum) %}
    {%- do return(ml_monitor.compared_with_limits(x, ['<', '>'], minimum, maximum)) -%}
{% endmacro %}

{% macro is_clipped(x, minimum, maximum) %}
    {%- do return(ml_monitor.compared_with_limits(x, ['=', '='], minimum, maximum)) -%}
{% endmacro %}

{% macro compared_with_limits(x, signs, minimum, maximum) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- if minimum is not none -%}{%- set ns.conditions = ns.conditions + [x ~ ' ' ~ signs[0] ~ ' ' ~ ml_monitor.float64(minimum)] -%}
        {%- endif -%}
    {%- if maximum is not none -%}
        {%- set ns.conditions = ns.conditions + [x ~ ' ' ~ signs[1] ~ ' ' ~ ml_monitor.float64(maximum)
        ~ (' and ' ~ x ~ ' <> ' ~ ml_monitor.float64("'NaN'") if signs[1] == '>' else '')] -%}{%- endif -%}
    {%- do return('(' ~ ns.conditions | join(' or ') ~ ')' if ns.conditions else none) -%}
{% endmacro %}


{#-
  A text that is none of the accepted values of its column, or does not match its pattern. Arguments: x (SQL), column (of a spec). Returns:
  SQL, or none.
-#}
{% macro is_unaccepted(x, column) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- if column.accepted_values -%}
        {%- set ns.conditions = ns.conditions + [x ~ ' not in (' ~ ml_monitor.string_list(column.accepted_values) ~ ')'] -%}{%- endif -%}
    {%- if column.pattern -%}{%- set ns.conditions = ns.conditions + ['not (' ~ ml_monitor.matches(x, column.pattern) ~ ')'] -%}
        {%- endif -%}
    {%- do return('(' ~ ns.conditions | join(' or ') ~ ')' if ns.conditions else none) -%}
{% endmacro %}

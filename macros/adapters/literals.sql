{#- A SQL string literal. The only place that makes one: Spark unescapes backslashes, the others do not. -#}
{% macro string_literal(value) %}
    {%- do return(adapter.dispatch('string_literal', 'ml_monitor')(value)) -%}
{% endmacro %}

{% macro default__string_literal(value) %}
    {%- do return("'" ~ (value | string).replace("'", "''") ~ "'") -%}
{% endmacro %}

{% macro spark__string_literal(value) %}
    {%- do return("'" ~ (value | string).replace("\\", "\\\\").replace("'", "\\'") ~ "'") -%}
{% endmacro %}


{#- A timestamp literal; `value` is text such as '2013-07-01 00:00:00'. -#}
{% macro timestamp_literal(value) %}
    {%- do return("cast(" ~ ml_monitor.string_literal(value) ~ " as timestamp)") -%}
{% endmacro %}


{#- A 64-bit float literal or expression: a bare 0.1 is a decimal in every engine. -#}
{% macro float64(expression) %}
    {%- do return("cast(" ~ expression ~ " as " ~ ml_monitor.float_type() ~ ")") -%}
{% endmacro %}


{#- The name of the 64-bit float type. -#}
{% macro float_type() %}
    {%- do return(adapter.dispatch('float_type', 'ml_monitor')()) -%}
{% endmacro %}

{% macro default__float_type() %}{% do return('double') %}{% endmacro %}

{% macro postgres__float_type() %}{% do return('double precision') %}{% endmacro %}


{#- A number as a 64-bit float, or a NULL of that type. -#}
{% macro number_or_null(value) %}
    {%- do return(ml_monitor.float64(value if value is not none else 'null')) -%}
{% endmacro %}


{#- A list of values as SQL string literals. -#}
{% macro string_list(values) %}
    {%- set ns = namespace(literals=[]) -%}
    {%- for value in values -%}{%- set ns.literals = ns.literals + [ml_monitor.string_literal(value)] -%}{%- endfor -%}
    {%- do return(ns.literals | join(', ')) -%}
{% endmacro %}

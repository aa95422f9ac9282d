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

{#- A text without the letters of one kind that it begins with. Arguments: x (SQL, text), letter (string). Returns: SQL, text. -#}
{% macro without_leading(x, letter) %}{% do return(adapter.dispatch('without_leading', 'ml_monitor')(x, letter)) %}{% endmacro %}

{% macro default__without_leading(x, letter) %}{% do return('trim(leading ' ~ ml_monitor.string_literal(letter) ~ ' from ' ~ x
    ~ ')') %}{% endmacro %}

{% macro bigquery__without_leading(x, letter) %}{% do return('ltrim(' ~ x ~ ', ' ~ ml_monitor.string_literal(letter) ~ ')') %}{% endmacro %}

{% macro snowflake__without_leading(x, letter) %}{% do return('ltrim(' ~ x ~ ', ' ~ ml_monitor.string_literal(letter)
    ~ ')') %}{% endmacro %}

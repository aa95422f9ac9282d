{#- The rest of a division of whole numbers, with the sign of the first. Arguments: x, divisor (SQL or int). Returns: SQL. -#}
{% macro modulo(x, divisor) %}{% do return(adapter.dispatch('modulo', 'ml_monitor')(x, divisor)) %}{% endmacro %}

{% macro default__modulo(x, divisor) %}{% do return('mod(' ~ x ~ ', ' ~ divisor ~ ')') %}{% endmacro %}

{% macro duckdb__modulo(x, divisor) %}{% do return(x ~ ' % ' ~ divisor) %}{% endmacro %}

{% macro postgres__modulo(x, divisor) %}{% do return(x ~ ' % ' ~ divisor) %}{% endmacro %}

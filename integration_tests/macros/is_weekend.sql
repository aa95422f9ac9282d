{#- Friday and Saturday instead of Saturday and Sunday. Arguments: expression (SQL, timestamp). Returns: SQL, a condition. -#}
{% macro default__is_weekend(expression) %}{% do return('extract(isodow from ' ~ expression ~ ') in (5, 6)') %}{% endmacro %}

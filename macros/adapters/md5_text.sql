{#- The md5 of a text as 32 letters in lower case; NULL of NULL. Arguments: x (SQL, text). Returns: SQL, text. -#}
{% macro md5_text(x) %}{% do return(adapter.dispatch('md5_text', 'ml_monitor')(x)) %}{% endmacro %}

{% macro default__md5_text(x) %}{% do return(dbt.hash(x) | trim) %}{% endmacro %}

{% macro duckdb__md5_text(x) %}{% do return('md5(' ~ x ~ ')') %}{% endmacro %}

{% macro postgres__md5_text(x) %}{% do return('md5(' ~ x ~ ')') %}{% endmacro %}

{#- The number of elements; NULL of NULL. Arguments: x (SQL, an array). Returns: SQL. -#}
{% macro vector_length(x) %}
    {%- do return(adapter.dispatch('vector_length', 'ml_monitor')(x)) -%}
{% endmacro %}

{% macro default__vector_length(x) %}{% do ml_monitor.not_ported('vector_length', 'x') %}{% endmacro %}

{% macro postgres__vector_length(x) %}{% do return('cardinality(' ~ x ~ ')') %}{% endmacro %}

{% macro duckdb__vector_length(x) %}{% do return('len(' ~ x ~ ')') %}{% endmacro %}

{% macro spark__vector_length(x) %}{% do return('case when ' ~ x ~ ' is not null then size(' ~ x ~ ') end') %}{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__vector_length(x) %}{% do return(ml_monitor.default__vector_length(x)) %}{% endmacro %}

{#- The same numbers as an array of 64-bit floats; NULL of NULL. Arguments: x (SQL, an array of numbers). Returns: SQL. -#}
{% macro float64_vector(x) %}
    {%- do return(adapter.dispatch('float64_vector', 'ml_monitor')(x)) -%}
{% endmacro %}

{% macro default__float64_vector(x) %}{% do ml_monitor.not_ported('float64_vector', 'x') %}{% endmacro %}

{% macro postgres__float64_vector(x) %}{% do return('cast(' ~ x ~ ' as ' ~ ml_monitor.float_type() ~ '[])') %}{% endmacro %}

{% macro duckdb__float64_vector(x) %}{% do return(ml_monitor.postgres__float64_vector(x)) %}{% endmacro %}

{% macro spark__float64_vector(x) %}{% do return('cast(' ~ x ~ ' as array<double>)') %}{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__float64_vector(x) %}{% do return(ml_monitor.default__float64_vector(x)) %}{% endmacro %}

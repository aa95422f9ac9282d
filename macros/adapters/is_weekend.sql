{#- Whether a timestamp is a Saturday or Sunday. Arguments: expression (SQL, timestamp). Returns: SQL, a condition. -#}
{% macro is_weekend(expression) %}
    {%- do return(adapter.dispatch('is_weekend', 'ml_monitor')(expression)) -%}
{% endmacro %}

{% macro default__is_weekend(expression) %}{% do ml_monitor.not_ported('is_weekend', 'expression') %}{% endmacro %}

{% macro postgres__is_weekend(expression) %}
    {%- do return('extract(isodow from ' ~ expression ~ ') > 5') -%}
{% endmacro %}

{% macro duckdb__is_weekend(expression) %}{% do return(ml_monitor.postgres__is_weekend(expression)) %}{% endmacro %}

{% macro spark__is_weekend(expression) %}
    {%- do return('extract(dayofweek_iso from ' ~ expression ~ ') > 5') -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__is_weekend(expression) %}{% do return(ml_monitor.default__is_weekend(expression)) %}{% endmacro %}

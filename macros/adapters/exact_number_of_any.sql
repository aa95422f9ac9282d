{#-
  exact_number of a column whose type is not declared: the engine is asked for it.
  Arguments: expression (SQL), by_text (SQL: what a 32-bit float becomes). Returns: SQL, 64-bit float.
-#}
{% macro exact_number_of_any(expression, by_text) %}
    {%- do return(adapter.dispatch('exact_number_of_any', 'ml_monitor')(expression, by_text)) -%}
{% endmacro %}

{% macro default__exact_number_of_any(expression, by_text) %}{% do return(ml_monitor.float64(expression)) %}{% endmacro %}

{% macro duckdb__exact_number_of_any(expression, by_text) %}
    {%- do return('case when typeof(' ~ expression ~ ") = 'FLOAT' then " ~ by_text ~ ' else ' ~ ml_monitor.float64(expression) ~ ' end') -%}
{% endmacro %}

{% macro postgres__exact_number_of_any(expression, by_text) %}
    {%- do return('case when pg_typeof(' ~ expression ~ ") = cast('real' as regtype) then " ~ by_text ~ ' else '
        ~ ml_monitor.float64(expression) ~ ' end') -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but its pg_typeof reads no tables. -#}
{% macro redshift__exact_number_of_any(expression, by_text) %}{% do return(ml_monitor.float64(expression)) %}{% endmacro %}

{% macro spark__exact_number_of_any(expression, by_text) %}
    {%- do return('case when typeof(' ~ expression ~ ") = 'float' then " ~ by_text ~ ' else ' ~ ml_monitor.float64(expression) ~ ' end') -%}
{% endmacro %}

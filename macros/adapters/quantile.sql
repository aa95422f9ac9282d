{#-
  A quantile of the values of a group that is one of them: the first whose rank is at least share * n. NULLs are left out.

  Arguments: share (number or SQL, 0 to 1), x (SQL), between (boolean: interpolated between two values instead, as a 64-bit float).
  Returns: SQL of an aggregate.
-#}
{% macro quantile(share, x, between=false) %}
    {%- do return(adapter.dispatch('quantile', 'ml_monitor')(share, x, between)) -%}
{% endmacro %}

{% macro default__quantile(share, x, between) %}{% do ml_monitor.not_ported('quantile', 'share, x, between') %}{% endmacro %}

{% macro duckdb__quantile(share, x, between) %}{% do return(ml_monitor.postgres__quantile(share, x, between)) %}{% endmacro %}

{% macro postgres__quantile(share, x, between) %}
    {%- do return(('percentile_cont(' if between else 'percentile_disc(') ~ share ~ ') within group (order by ' ~ x ~ ')') -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__quantile(share, x, between) %}{% do return(ml_monitor.default__quantile(share, x, between)) %}{% endmacro %}

{% macro spark__quantile(share, x, between) %}{% do return(ml_monitor.postgres__quantile(share, x, between)) %}{% endmacro %}

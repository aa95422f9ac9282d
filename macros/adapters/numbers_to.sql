{#-
  The whole numbers from 1 to n as rows. Arguments: n (int). Returns: a select of `generated_number`, a float on
  some engines: cast it.
-#}
{% macro numbers_to(n) %}{% do return(adapter.dispatch('numbers_to', 'ml_monitor')(n)) %}{% endmacro %}

{% macro default__numbers_to(n) %}{% do return(dbt.generate_series(n)) %}{% endmacro %}

{#- dbt-spark has the default, a cross join for each power of two. -#}
{% macro spark__numbers_to(n) %}{% do return('select id as generated_number from range(1, ' ~ (n + 1) ~ ')') %}{% endmacro %}

{#-
  The greatest of some values; NULLs are ignored, so that it is NULL only if all are. DuckDB, PostgreSQL, Redshift and Spark do so
  by themselves; in Snowflake, BigQuery and Trino a plain `greatest` is NULL as soon as one value is.

  Arguments: values (list of SQL or numbers), indent (int or none: write each value in a line of its own, so far to the right).
  Returns: SQL.
-#}
{% macro greatest_of(values, indent=none) %}
    {%- do return(adapter.dispatch('greatest_of', 'ml_monitor')(values, indent)) -%}
{% endmacro %}

{% macro default__greatest_of(values, indent) %}
    {%- do return(ml_monitor.call_of('greatest', ml_monitor.filled_from_each_other(values), indent)) -%}
{% endmacro %}

{% macro duckdb__greatest_of(values, indent) %}{% do return(ml_monitor.call_of('greatest', values, indent)) %}{% endmacro %}

{% macro postgres__greatest_of(values, indent) %}{% do return(ml_monitor.call_of('greatest', values, indent)) %}{% endmacro %}

{#- Spark's takes no single value. -#}
{% macro spark__greatest_of(values, indent) %}
    {%- do return(values[0] | string if values | length == 1 else ml_monitor.call_of('greatest', values, indent)) -%}
{% endmacro %}

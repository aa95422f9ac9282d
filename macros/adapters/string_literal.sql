{#-
  A SQL string literal. The only place that makes one: Spark, BigQuery and Snowflake unescape backslashes, the others do not. Arguments:
  value (any). Returns: SQL.
-#}
{% macro string_literal(value) %}
    {%- do return(adapter.dispatch('string_literal', 'ml_monitor')(value)) -%}
{% endmacro %}

{% macro default__string_literal(value) %}
    {%- do return("'" ~ (value | string).replace("'", "''") ~ "'") -%}
{% endmacro %}

{% macro spark__string_literal(value) %}
    {%- do return("'" ~ (value | string).replace("\\", "\\\\").replace("'", "\\'") ~ "'") -%}
{% endmacro %}

{% macro bigquery__string_literal(value) %}{% do return(ml_monitor.spark__string_literal(value)) %}{% endmacro %}

{% macro snowflake__string_literal(value) %}{% do return(ml_monitor.spark__string_literal(value)) %}{% endmacro %}

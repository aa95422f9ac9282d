{#-
  A value with its count in front (12 digits), so that the largest such text is the most frequent value: `max` adds up over windows, as the
  sums of a rollup do. without_count takes the count away. Arguments (SQL): value (a text), row_count. Returns: SQL, a text.
-#}
{% macro with_count(value, row_count) %}
    {%- do return("lpad(cast(" ~ row_count ~ " as " ~ ml_monitor.text_type() ~ "), 12, '0') || ' ' || " ~ ml_monitor.category(value)) -%}
{% endmacro %}

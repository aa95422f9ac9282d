{#-
  What is counted of a column of a log, as SQL: its value, the norm of an embedding, the magnitude of an attribution.
  Arguments: column (of a spec), prefix (string, such as `log.`).
-#}
{% macro monitored_value(column, prefix='') %}
    {%- set value = prefix ~ column.sql -%}
    {%- if column.role == 'embedding' -%}{%- do return(ml_monitor.vector_norm(value)) -%}{%- endif -%}
    {%- do return('abs(' ~ ml_monitor.float64(value) ~ ')' if column.role == 'attribution' else value) -%}
{% endmacro %}

{#-
  What is counted of a column of a log, as SQL: its value, that of a 32-bit float as people read it, the norm of an embedding, the
  magnitude of an attribution.
  Arguments: column (of a spec), prefix (string, such as `log.`).
-#}
{% macro monitored_value(column, prefix='') %}
    {%- set value = prefix ~ column.sql -%}
    {%- if column.role == 'embedding' -%}{%- do return(ml_monitor.vector_norm(value)) -%}{%- endif -%}
    {%- if column.kind == 'numeric' and column.is_float32 and column.role != 'attribution' -%}
        {%- do return(ml_monitor.exact_number(value, 'real')) -%}
    {%- endif -%}
    {%- do return('abs(' ~ ml_monitor.float64(value) ~ ')' if column.role == 'attribution' else value) -%}
{% endmacro %}

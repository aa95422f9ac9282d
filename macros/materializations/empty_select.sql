{#- A select of columns without rows. Arguments: columns (list of [name, type, description]). Returns: SQL. -#}
{% macro empty_select(columns) -%}
select
    {{ ml_monitor.typed_columns(columns, own=[]) | indent(4) }}
where 1 = 0
{%- endmacro %}

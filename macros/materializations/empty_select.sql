{#- A select of a table's columns without rows, or of columns of none: list of [name, type, description]. Returns: SQL. -#}
{% macro empty_select(columns) -%}
select
    {%- for name, type, description in columns %}
    cast(null as {{ ml_monitor.sql_type(type) }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
where 1 = 0
{%- endmacro %}

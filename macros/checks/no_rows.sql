{#- A select without rows that has the columns of the model's contract. -#}
{% macro no_rows() -%}
select
    {%- for column in model.columns.values() %}
    cast(null as {{ column.data_type }}) as {{ adapter.quote(column.name) if column.quote else column.name }}{{ ',' if not loop.last }}
    {%- else %}
    1 as nothing
    {%- endfor %}
where 1 = 0
{%- endmacro %}

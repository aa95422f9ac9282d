{#-
  The values of several columns, one below the other.
  Arguments: relation (CTE name), keys (list of SQL names), values (list of [name literal, SQL]), few (boolean: the relation has few rows).
  Returns: a select of the keys, column_name and value that reads the relation once; DuckDB reads a whole log column by column.
-#}
{% macro values_of_columns(relation, keys, values, few=false) %}
    {{- adapter.dispatch('values_of_columns', 'ml_monitor')(relation, keys, values, few) -}}
{% endmacro %}

{% macro default__values_of_columns(relation, keys, values, few) -%}
select
                r.{{ keys | join(', r.') }},
                c.ml_column_name as column_name,
                case c.ml_column_name
                    {%- for name, value in values %}
                    when {{ name }} then {{ value }}
                    {%- endfor %}
                end as value
            from {{ relation }} as r
            cross join (
                {%- for name, value in values %}
                select {{ name }} as ml_column_name{{ ' union all' if not loop.last }}
                {%- endfor %}
            ) as c
{%- endmacro %}

{% macro duckdb__values_of_columns(relation, keys, values, few) -%}
    {%- if few -%}{{ ml_monitor.default__values_of_columns(relation, keys, values, few) }}
    {%- else -%}
    {%- for name, value in values -%}
select {{ keys | join(', ') }}, {{ name }} as column_name, {{ value }} as value from {{ relation }}
    {%- if not loop.last %}
            union all
            {% endif %}
    {%- endfor %}
    {%- endif -%}
{%- endmacro %}

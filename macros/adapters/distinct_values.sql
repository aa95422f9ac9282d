{#-
  The distinct values of a column, to look up rows by: `... where column in (<this>)`.

  DuckDB expects more values than a table is worth and then hashes the table instead, all of it; the values of a list it takes for
  few, hashes them, and skips what lies outside of them. Arguments: column (SQL), name (string), relation (relation or CTE name), where
    (SQL condition).
  Returns: a select of one column, `name`.
-#}
{% macro distinct_values(column, name, relation, where) %}
    {{- adapter.dispatch('distinct_values', 'ml_monitor')(column, name, relation, where) -}}
{% endmacro %}

{% macro default__distinct_values(column, name, relation, where) -%}
select distinct {{ column }} as {{ name }} from {{ relation }} where {{ where }}
{%- endmacro %}

{% macro duckdb__distinct_values(column, name, relation, where) -%}
select unnest(value_list) as {{ name }}
    from (select array_agg(distinct {{ column }}) as value_list from {{ relation }} where {{ where }}) as listed
{%- endmacro %}

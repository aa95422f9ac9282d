{#-
  Statements that a model with many joined CTEs sends ahead of its own, as its config `sql_header`; none where the engine needs
  no help.

  PostgreSQL knows nothing of the size of a CTE, takes a deep one for a single row and joins it by a nested loop: the drift of
  one month of flights then takes hours, by hash joins seconds. Compiling such a plan also takes longer than running it. The
  settings end with the transaction.
-#}
{% macro planner_settings() %}{% do return(adapter.dispatch('planner_settings', 'ml_monitor')()) %}{% endmacro %}

{% macro default__planner_settings() %}{% do return(none) %}{% endmacro %}

{% macro postgres__planner_settings() %}
    {%- do return('set local enable_nestloop = off; set local enable_mergejoin = off; set local jit = off;') -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__planner_settings() %}{% do return(none) %}{% endmacro %}


{#-
  The distinct values of a column, to look up rows by: `... where column in (<this>)`.

  DuckDB expects more values than a table is worth and then hashes the table instead, all of it; the values of a list it takes for
  few, hashes them, and skips what lies outside of them. Arguments: column (SQL), name (string), relation, where (SQL condition).
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


{#-
  Rows of a log by their keys, in two steps: the CTE `name` finds by one narrow column where they are (ml_key_hash,
  ml_ingest_hour), and `at_located_keys` reads those ingest hours only. In one step all columns of the whole log are read.
  Arguments: name (string), log (relation), keys (select of hashes).
-#}
{% macro located_keys(name, log, keys) -%}
{{ name }} as (

    select ml_key_hash, ml_ingest_hour
    from {{ log }}
    where ml_key_hash in (
        {{ keys | indent(4) }}
    )

),
{%- endmacro %}

{% macro at_located_keys(name) -%}
ml_ingest_hour in (
    {{ ml_monitor.distinct_values('ml_ingest_hour', 'ingest_hour', name, '1 = 1') }}
)
and ml_key_hash in (
    {{ ml_monitor.distinct_values('ml_key_hash', 'key_hash', name, '1 = 1') }}
)
{%- endmacro %}

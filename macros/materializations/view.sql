{#-
  dbt's own materialization `view`, but that a view which is there is replaced in one statement: dbt's own makes another, renames both and drops
  the first, since not every engine can replace a view by one of other columns. DuckDB can. Where more is declared, dbt's own runs.
-#}
{% materialization view, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is none or not existing.is_view or config.get('sql_header') or ml_monitor.does_more() -%}{%- do return(dbt.materialization_view_default()) -%}{%- endif -%}
    {%- if config.get('contract').enforced -%}{%- do get_assert_columns_equivalent(sql) -%}{%- endif -%}
    {%- call statement('main') -%}
create or replace view {{ existing }} as (
{{ sql }}
)
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {%- do return({'relations': [existing]}) -%}
{% endmaterialization %}

{#-
  dbt's own materialization `incremental`, but that the table of a model with nothing to write (select_if_any) is left as it is, which is what
  an empty insert does in ten statements. dbt reports the model as `nothing to write`. Where hooks, grants or persist_docs are declared, dbt's own
  runs and does them.

  dbt looks for the adapter's materialization before the default one, so that each is named here; on an adapter that has its own and is not
  named, and where ml_monitor is installed as a package, dbt's own inserts nothing, to the same result.
-#}
{% materialization incremental, default %}
    {%- do return(ml_monitor.left_as_is() if ml_monitor.is_left_as_is(sql) else dbt.materialization_incremental_default()) -%}
{% endmaterialization %}

{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- do return(ml_monitor.left_as_is() if ml_monitor.is_left_as_is(sql) else dbt.materialization_incremental_duckdb()) -%}
{% endmaterialization %}


{#- Whether there is nothing to do for a model. Arguments: sql (string: its compiled select). -#}
{% macro is_left_as_is(sql) %}{% do return(ml_monitor.is_nothing_to_write(sql) and not ml_monitor.does_more()) %}{% endmacro %}


{#- Whether a model declares what dbt does beside making its relation: hooks, grants, persist_docs. -#}
{% macro does_more() %}
    {%- do return(pre_hooks or post_hooks or config.get('grants') or config.persist_relation_docs() or config.persist_column_docs()) -%}
{% endmacro %}


{#- What a materialization returns for a table that it did not touch. -#}
{% macro left_as_is() %}
    {%- call noop_statement('main', 'nothing to write', 'OK') -%}{%- endcall -%}
    {%- do return({'relations': [this.incorporate(type='table')]}) -%}
{% endmacro %}

{#- Runs a statement in a transaction of its own. Arguments: sql (string). -#}
{% macro run_and_commit(sql) %}
    {%- call statement('alone') -%}{{ sql }}{%- endcall -%}
    {%- do adapter.commit() -%}
{% endmacro %}

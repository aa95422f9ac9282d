{#- Whether the model's table exists and is added to: what dbt's is_incremental() says of its own materialization. Returns: boolean. -#}
{% macro is_incremental() %}
    {%- if not execute or not flags.WHICH -%}{%- do return(false) -%}{%- endif -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- do return(existing is not none and existing.is_table and not should_full_refresh()) -%}
{% endmacro %}

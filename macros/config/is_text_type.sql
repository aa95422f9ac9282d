{#- Whether a declared data type is a text, of any length. -#}
{% macro is_text_type(data_type) %}
    {%- set base = (data_type or '').lower().split('(')[0].strip() -%}
    {%- do return(base in ['string', 'text', 'varchar', 'char', 'bpchar', 'character', 'character varying']) -%}
{% endmacro %}

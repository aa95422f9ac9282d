{#- The name of the text type, as dbt.type_string() has it. Returns: string. -#}
{% macro text_type() %}
    {%- set kept = ml_monitor.kept_in_this_run() -%}
    {%- if 'text_type' not in kept -%}{%- do kept.update({'text_type': dbt.type_string()}) -%}{%- endif -%}
    {%- do return(kept['text_type']) -%}
{% endmacro %}

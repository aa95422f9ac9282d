{#- Why ml_monitor cannot take the name of a column. suggest_contract asks the same. Arguments: name (string). Returns: string, or none. -#}
{% macro name_refusal(name) %}
    {%- do return(
        'a quote character in the name' if '"' in name or '`' in name
        else 'a name that ml_monitor keeps for itself' if name.lower().startswith('ml_')
        else none
    ) -%}
{% endmacro %}

{#- The model version as text, or none. Arguments: columns (list of a spec), prefix (string). Returns: SQL. -#}
{% macro version_text(columns, prefix='') %}
    {%- set found = columns | selectattr('role', 'equalto', 'model_version') | list -%}
    {%- do return(ml_monitor.value_text(prefix ~ found[0].sql, found[0].data_type) if found else none) -%}
{% endmacro %}

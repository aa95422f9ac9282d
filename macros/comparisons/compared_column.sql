{#- The compared column of that name; an empty dict if there is none. Arguments: spec, column (string). -#}
{% macro compared_column(spec, column) %}
    {%- do return(ml_monitor.columns_to_compare(spec) | selectattr('name', 'equalto', column) | first | default({}, true)) -%}
{% endmacro %}

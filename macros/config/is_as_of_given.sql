{#- True when ML_AS_OF is given: then rows that were ingested later do not exist yet. -#}
{% macro is_as_of_given() %}
    {%- do return(ml_monitor.given_as_of() != '') -%}
{% endmacro %}

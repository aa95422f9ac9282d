{#- dbt.dateadd without the blank lines around it. Arguments: datepart (string), interval (number or SQL), expression (SQL). -#}
{% macro date_add(datepart, interval, expression) %}
    {%- do return(dbt.dateadd(datepart, interval, expression) | trim) -%}
{% endmacro %}

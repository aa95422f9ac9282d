{#- A timestamp cut to `hour`, `day` or `month`. -#}
{% macro truncate(grain, expression) %}
    {%- do return('cast(' ~ dbt.date_trunc(grain, expression) | trim ~ ' as timestamp)') -%}
{% endmacro %}

{#- A timestamp cut to `hour`, `day` or `month`. -#}
{% macro truncate(grain, expression) %}
    {%- do return("cast(date_trunc('" ~ grain ~ "', " ~ expression ~ ") as timestamp)") -%}
{% endmacro %}

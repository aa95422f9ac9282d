{#- True under `dbt build --empty`, when there is nothing to judge. The unit tests override it: dbt runs them then, too. -#}
{% macro is_empty_run() %}
    {%- do return(flags.EMPTY) -%}
{% endmacro %}

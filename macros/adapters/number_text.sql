{#- A number as text with a fixed number of decimals, for messages; magnitudes are capped at 1e12. Arguments: SQL. Returns: SQL. -#}
{% macro number_text(expression, digits=2) %}
    {%- set clipped = ml_monitor.greatest_of(['-1e12', ml_monitor.least_of(['1e12', expression])]) -%}
    {%- do return('case when ' ~ expression ~ ' is null then null else cast(cast(' ~ clipped ~ ' as decimal(20, ' ~ digits ~ ')) as '
        ~ ml_monitor.text_type() ~ ') end') -%}
{% endmacro %}

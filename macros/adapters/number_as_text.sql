{#- A 64-bit float as text, a whole number without a fraction. Arguments: number (SQL). Returns: SQL. -#}
{% macro number_as_text(number) %}
    {%- do return('case when floor(' ~ number ~ ') = ' ~ number ~ ' and abs(' ~ number ~ ') < 1e15 then cast(cast(' ~ number
        ~ ' as bigint) as ' ~ ml_monitor.text_type() ~ ') else cast(' ~ number ~ ' as ' ~ ml_monitor.text_type() ~ ') end') -%}
{% endmacro %}

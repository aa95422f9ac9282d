{#- Whether a text, or a date of YAML, is a moment in UTC such as 2013-07-01 or 2013-07-01 06:00:00, which must exist. -#}
{% macro is_moment(value) %}
    {%- set date = '^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' -%}
    {%- set time = '([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?Z?)?\\Z' -%}
    {%- if not modules.re.match(date ~ time, value | string) -%}{%- do return(false) -%}{%- endif -%}
    {%- set year, month, day = (value | string)[:4] | int, (value | string)[5:7] | int, (value | string)[8:10] | int -%}
    {%- set next_month = modules.datetime.date(year + month // 12, month % 12 + 1, 1) -%}
    {%- do return(day <= (next_month - modules.datetime.date(year, month, 1)).days) -%}
{% endmacro %}

{#- A timestamp of an environment variable as SQL writes it, without T and Z, and to the second, so that two of them compare as texts. -#}
{% macro timestamp_text(value) %}
    {%- set text = value.replace('T', ' ').replace('Z', '') -%}
    {%- do return(text ~ '0000-00-00 00:00:00'[text | length:]) -%}
{% endmacro %}


{#- Whether a text, or a date of YAML, is a moment in UTC such as 2013-07-01 or 2013-07-01 06:00:00, which must exist. -#}
{% macro is_moment(value) %}
    {%- set date = '^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' -%}
    {%- set time = '([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?Z?)?\\Z' -%}
    {%- if not modules.re.match(date ~ time, value | string) -%}{%- do return(false) -%}{%- endif -%}
    {%- set year, month, day = (value | string)[:4] | int, (value | string)[5:7] | int, (value | string)[8:10] | int -%}
    {%- set next_month = modules.datetime.date(year + month // 12, month % 12 + 1, 1) -%}
    {%- do return(day <= (next_month - modules.datetime.date(year, month, 1)).days) -%}
{% endmacro %}


{#- A moment in UTC that is_moment takes, as a datetime. -#}
{% macro moment_of(value) %}
    {%- set text = ml_monitor.timestamp_text(value | string) -%}
    {%- do return(modules.datetime.datetime.strptime(text, '%Y-%m-%d %H:%M:%S.%f' if '.' in text else '%Y-%m-%d %H:%M:%S')) -%}
{% endmacro %}

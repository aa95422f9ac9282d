{#- A timestamp of an environment variable as SQL writes it, without T and Z, and to the second, so that two of them compare as texts. -#}
{% macro timestamp_text(value) %}
    {%- set text = value.replace('T', ' ').replace('Z', '') -%}
    {%- do return(text ~ '0000-00-00 00:00:00'[text | length:]) -%}
{% endmacro %}

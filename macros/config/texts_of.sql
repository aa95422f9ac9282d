{#- Values of a declaration as value_text has them. Arguments: values (list), type (string), classes (list). Returns: list of strings. -#}
{% macro texts_of(values, type, classes=[]) %}
    {%- if not ml_monitor.is_list(values) -%}{%- do return(values) -%}{%- endif -%}
    {%- set texts = [] -%}
    {%- for value in values -%}{%- do texts.append(ml_monitor.literal_text(value, type, classes)) -%}{%- endfor -%}
    {%- do return(texts) -%}
{% endmacro %}

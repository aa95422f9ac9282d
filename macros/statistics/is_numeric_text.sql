{#- A text that is a number as people and exports write it: signs, blanks around it, commas, an exponent. -#}
{% macro is_numeric_text(x) %}
    {%- do return(ml_monitor.matches(x, '^\\s*[-+]?([0-9][0-9,]*[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?\\s*$')) -%}
{% endmacro %}

{#- A share as a percentage with at most three digits, for comments. -#}
{% macro percent(share) %}
    {%- set text = '%.3g' | format(100 * share) -%}
    {%- do return(('almost 100' if text == '100' and share < 1 else text) ~ ' %') -%}
{% endmacro %}

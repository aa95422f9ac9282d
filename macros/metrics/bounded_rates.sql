{#- The Wilson bounds of data_quality's rates: the side that a check judges them by, both of the two that existed first. -#}
{% macro bounded_rates() %}
    {%- set sides = {'null': ['low', 'high'], 'invalid': ['low', 'high'], 'nonzero': ['high']} -%}
    {%- for name in ['nan', 'infinite', 'zero', 'default', 'empty', 'clipped', 'numeric_text', 'outside_reference', 'unseen'] -%}
        {%- do sides.update({name: ['low']}) -%}
    {%- endfor -%}
    {%- do return(sides) -%}
{% endmacro %}

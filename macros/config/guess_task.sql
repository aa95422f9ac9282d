{#- binary, multiclass or regression, by what is predicted. -#}
{% macro guess_task(columns) %}
    {%- set score = columns | selectattr('role', 'equalto', 'score') | list -%}
    {%- set prediction = (columns | selectattr('role', 'equalto', 'prediction') | list + [none])[0] -%}
    {%- if not prediction or prediction.type_class == 'boolean' -%}{%- do return('binary') -%}{%- endif -%}
    {%- if prediction.type_class == 'text' -%}{%- do return('multiclass') -%}{%- endif -%}
    {%- if not prediction.outside_unit and prediction.whole_values == prediction.finite and (prediction.finite or score) -%}
        {%- do return('binary') -%}
    {%- endif -%}
    {%- if score or (prediction.whole and prediction.distinct <= 20) -%}{%- do return('multiclass') -%}{%- endif -%}
    {%- do return('regression') -%}
{% endmacro %}

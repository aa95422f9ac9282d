{#-
  binary, multiclass or regression: by the label, if it is known, else by what is predicted.
  Arguments: columns (list of dicts, of the inferences), label (dict of a column, or none). Returns: string.
-#}
{% macro guess_task(columns, label=none) %}
    {%- set score = columns | selectattr('role', 'equalto', 'score') | list -%}
    {%- set prediction = (columns | selectattr('role', 'equalto', 'prediction') | list + [none])[0] -%}
    {%- set is_fraction = prediction and prediction.type_class == 'numeric' and prediction.whole_values != prediction.finite -%}
    {%- if label and label.filled and not is_fraction -%}
        {%- set is_whole = label.type_class == 'numeric' and label.whole_values == label.finite -%}
        {%- set is_binary = label.type_class == 'boolean' or label.is_outcome or (is_whole and not label.outside_unit) -%}
        {%- if is_binary -%}{%- do return('binary') -%}{%- endif -%}
        {%- set is_class = label.type_class == 'text' or (is_whole and label.distinct <= 20) -%}
        {%- do return('multiclass' if is_class or score else 'regression') -%}
    {%- endif -%}
    {%- if not prediction or prediction.type_class == 'boolean' -%}{%- do return('binary') -%}{%- endif -%}
    {%- if prediction.type_class == 'text' -%}{%- do return('multiclass') -%}{%- endif -%}
    {%- if not prediction.outside_unit and not is_fraction and (prediction.finite or score) -%}{%- do return('binary') -%}{%- endif -%}
    {%- if score or (prediction.whole and prediction.distinct <= 20) -%}{%- do return('multiclass') -%}{%- endif -%}
    {%- do return('regression') -%}
{% endmacro %}

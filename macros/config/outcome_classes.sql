{#-
  The classes of types of predictions and labels, as value_text wants them: class 1 of a binary task is positive, so all are numbers.
  Arguments: spec. Returns: list of type_class.
-#}
{% macro outcome_classes(spec) %}
    {%- set predictions = spec.inferences | selectattr('role', 'equalto', 'prediction') | list -%}
    {%- set labels = spec.labels | selectattr('role', 'equalto', 'label') | list -%}
    {%- set whole = ['whole'] if spec.task == 'binary' else [] -%}
    {%- do return(((predictions + labels) | map(attribute='class', default='text') | list + whole) | unique | sort | list) -%}
{% endmacro %}

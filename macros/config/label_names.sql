{#- The names of the label, in the labels and in the training set. Arguments: spec (dict of monitor_spec). Returns: list of strings. -#}
{% macro label_names(spec) %}
    {%- do return((spec.labels + spec.reference) | selectattr('role', 'equalto', 'label') | map(attribute='name') | unique | list) -%}
{% endmacro %}

{#-
  Whether the error of a prediction is known: of a regression, of a score that is a probability, of class scores.
  Arguments: spec. Returns: boolean.
-#}
{% macro has_errors(spec) %}
    {%- do return(spec.task == 'regression' or ml_monitor.has_probability(spec)
        or (spec.task == 'multiclass' and (spec.class_scores or []) != [])) -%}
{% endmacro %}

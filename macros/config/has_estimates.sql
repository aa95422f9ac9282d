{#-
  Whether the score says how often a prediction is right: of a binary task with a score, of a multiclass one with a score or class scores.
  Arguments: spec. Returns: boolean.
-#}
{% macro has_estimates(spec) %}
    {%- do return(spec.task != 'regression' and (
        ml_monitor.role_column(spec.inferences, 'score') is not none or (spec.class_scores or []) != []
    )) -%}
{% endmacro %}

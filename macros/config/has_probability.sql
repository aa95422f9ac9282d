{#-
  Whether the score of a binary task is declared as a probability, with a min and max from 0 to 1: Brier score, log loss and calibration
  need that. Arguments: spec. Returns: boolean.
-#}
{% macro has_probability(spec) %}
    {%- set scores = spec.inferences | selectattr('role', 'equalto', 'score') | list -%}
    {%- do return(
        spec.task == 'binary' and scores != [] and scores[0].min is not none and scores[0].max is not none
        and scores[0].min >= 0 and scores[0].max <= 1
    ) -%}
{% endmacro %}

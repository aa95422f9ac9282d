{#- Whether a challenger is logged beside the model, whose predictions can be compared. Arguments: spec. Returns: boolean. -#}
{% macro has_shadow(spec) %}
    {%- do return(ml_monitor.role_column(spec.inferences, 'shadow_prediction') is not none
        or (spec.task == 'binary' and ml_monitor.role_column(spec.inferences, 'shadow_score') is not none)) -%}
{% endmacro %}

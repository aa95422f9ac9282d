{#-
  The predicted class of a log row (alias `log`) as text: as logged, else the score against the declared threshold.
  Arguments: spec, prefix (string: `shadow_` for the challenger's). Returns: SQL.
-#}
{% macro predicted_class(spec, prefix='') %}
    {%- set prediction = spec.inferences | selectattr('role', 'equalto', prefix ~ 'prediction') | list -%}
    {%- if prediction -%}
        {%- do return(ml_monitor.value_text('log.' ~ prediction[0].sql, prediction[0].data_type, ml_monitor.outcome_classes(spec))) -%}
    {%- endif -%}
    {%- set score = ml_monitor.float64(ml_monitor.role_value(spec.inferences, prefix ~ 'score', 'log.')) -%}
    {%- do return('case when ' ~ score ~ ' >= ' ~ ml_monitor.float64(spec.positive_threshold)
        ~ (" then '1' when " ~ score ~ " is not null then '0' end" if prefix else " then '1' else '0' end")) -%}
{% endmacro %}

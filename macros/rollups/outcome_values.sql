{#-
  What <m>__hourly_outcomes reads of a prediction and its label besides both, for `predictions`: what a challenger predicted, the scores of
  all classes, and the terms of the monitor's own metrics.

  Arguments: spec; the aliases `log` and `labels` are there.
  Returns: dict of column -> SQL.
-#}
{% macro outcome_values(spec) %}
    {%- set values = {} -%}
    {%- if ml_monitor.has_shadow(spec) -%}
        {%- do values.update({
            'shadow_prediction': ml_monitor.float64(ml_monitor.role_value(spec.inferences, 'shadow_prediction', 'log.'))
                if spec.task == 'regression' else ml_monitor.category(ml_monitor.predicted_class(spec, 'shadow_')),
        }) -%}
    {%- endif -%}
    {%- for class, column in spec.class_scores or [] -%}
        {%- do values.update({'class_score_' ~ loop.index: ml_monitor.float64('log.' ~ column)}) -%}
    {%- endfor -%}
    {%- set is_labelled = 'case when labels.' ~ ml_monitor.role_column(spec.labels, 'prediction_id') ~ ' is not null then ' -%}
    {%- for metric in spec.metrics or [] if metric.numerator -%}
        {%- do values.update({'top_' ~ metric.name: is_labelled ~ ml_monitor.float64('(' ~ metric.numerator ~ ')') ~ ' end'}) -%}
        {%- if metric.denominator -%}
            {%- do values.update({'bottom_' ~ metric.name: is_labelled ~ ml_monitor.float64('(' ~ metric.denominator ~ ')') ~ ' end'}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(values) -%}
{% endmacro %}

{#-
  What follows from outcome_values, for `placed`: the gain of the challenger, and both terms of a metric where both are finite.
  Arguments: spec. Returns: dict of column -> SQL over `predictions`.
-#}
{% macro placed_values(spec) %}
    {%- set values, is_finite = {}, ' between -1e100 and 1e100' -%}
    {%- if ml_monitor.has_shadow(spec) -%}
        {%- set is_known = "case when label <> '__unlabelled__' and prediction is not null and shadow_prediction is not null then " -%}
        {%- do values.update({
            'shadow_gain': 'case when label_value' ~ is_finite ~ ' and predicted_value' ~ is_finite ~ ' and shadow_prediction' ~ is_finite
                ~ ' then abs(label_value - predicted_value) - abs(label_value - shadow_prediction) end',
        } if spec.task == 'regression' else {
            'shadow_gain': is_known ~ 'case when shadow_prediction = label then 1 else 0 end'
                ~ ' - case when prediction = label then 1 else 0 end end',
        }) -%}
    {%- endif -%}
    {%- for metric in spec.metrics or [] if metric.numerator -%}
        {%- set top, bottom = 'top_' ~ metric.name, 'bottom_' ~ metric.name -%}
        {%- set head = 'case when ' ~ top ~ is_finite ~ (' and ' ~ bottom ~ is_finite if metric.denominator else '') ~ ' then ' -%}
        {%- do values.update({'metric_' ~ metric.name: head ~ top ~ ' end'}) -%}
        {%- if metric.denominator -%}
            {%- do values.update({'metric_' ~ metric.name ~ '_denominator': head ~ bottom ~ ' end'}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(values) -%}
{% endmacro %}

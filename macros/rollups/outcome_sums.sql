{#-
  What <m>__hourly_outcomes adds up of the predictions whose error is known, besides counts of classes: of a regression where label and
  prediction are finite, of a binary task whose score is declared as a probability where the label is 0 or 1. Others have none.

  Arguments: spec (dict of monitor_spec).
  Returns: dict of column -> SQL, an aggregate over error (label less prediction or score), label_value, predicted_value (the prediction, or
    the score) and label_z (the label standardised by the grid of its prediction). largest_error is a maximum, the others are sums.
  Source: scikit-learn (log_loss and mean_absolute_percentage_error take the same smallest number, the spacing of 64-bit floats at 1).
-#}
{% macro outcome_sums(spec) %}
    {%- set known = 'case when error is not null then ' -%}
    {%- set tiny = ml_monitor.float64('2.220446049250313e-16') -%}
    {%- set sums = {
        'error_count': 'count(error)', 'error_sum': 'sum(error)', 'absolute_error_sum': 'sum(abs(error))',
        'squared_error_sum': 'sum(error * error)',
    } -%}
    {%- if spec.task == 'regression' -%}
        {%- set has_share = 'case when abs(label_value) > ' ~ tiny ~ ' then ' -%}
        {%- set has_logarithm = 'case when error is not null and label_value >= 0 and predicted_value >= 0 then ' -%}
        {%- set log_error = 'ln(1 + label_value) - ln(1 + predicted_value)' -%}
        {%- do sums.update({
            'label_z_sum': 'sum(' ~ known ~ 'label_z end)',
            'label_z_squared_sum': 'sum(' ~ known ~ 'label_z * label_z end)',
            'absolute_label_z_sum': 'sum(' ~ known ~ 'abs(label_z) end)',
            'absolute_label_sum': 'sum(' ~ known ~ 'abs(label_value) end)',
            'percentage_error_sum': 'sum(' ~ has_share ~ 'abs(error) / abs(label_value) end)',
            'nonzero_label_count': 'count(' ~ has_share ~ 'error end)',
            'squared_log_error_sum': 'sum(' ~ has_logarithm ~ 'power(' ~ log_error ~ ', 2) end)',
            'nonnegative_count': 'count(' ~ has_logarithm ~ 'error end)',
            'largest_error': 'max(abs(error))',
        }) -%}
        {%- if spec.error_tolerance is not none -%}
            {%- do sums.update({'tolerated_count': 'count(case when abs(error) <= ' ~ ml_monitor.float64(spec.error_tolerance)
                ~ ' then 1 end)'}) -%}
        {%- endif -%}
        {%- do return(sums) -%}
    {%- endif -%}
    {%- if ml_monitor.has_probability(spec) -%}
        {%- set of_label = ml_monitor.greatest_of(['1 - abs(error)', tiny]) -%}
        {%- do return(dict(sums, **{
            'score_sum': 'sum(' ~ known ~ 'predicted_value end)',
            'squared_score_sum': 'sum(' ~ known ~ 'predicted_value * predicted_value end)',
            'log_loss_sum': 'sum(' ~ known ~ '-ln(' ~ of_label ~ ') end)',
        })) -%}
    {%- endif -%}
    {%- do return({}) -%}
{% endmacro %}

{#-
  What <m>__hourly_outcomes adds up of the predictions that have a label, besides counts of classes. Their error is known of a regression
  where label and prediction are finite, of a binary task whose score is declared as a probability where the label is 0 or 1, of a
  multiclass task with class scores where the class of the label has one and they add up to 1.

  Arguments: spec (dict of monitor_spec).
  Returns: dict of column -> SQL, an aggregate over the columns of `placed` (placed_outcomes). largest_error is a maximum, the others are
    sums. Empty for a task without errors, a challenger and metrics of its own.
  Source: scikit-learn (log_loss and mean_absolute_percentage_error take the same smallest number, the spacing of 64-bit floats at 1).
-#}
{% macro outcome_sums(spec) %}
    {%- set known = 'case when error is not null then ' -%}
    {%- set tiny = ml_monitor.float64('2.220446049250313e-16') -%}
    {%- set log_loss = 'sum(' ~ known ~ '-ln(' ~ ml_monitor.greatest_of(['1 - abs(error)', tiny]) ~ ') end)' -%}
    {%- set sums = {
        'error_count': 'count(error)', 'error_sum': 'sum(error)', 'absolute_error_sum': 'sum(abs(error))',
        'squared_error_sum': 'sum(error * error)',
    } if ml_monitor.has_errors(spec) else {} -%}
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
    {%- elif ml_monitor.has_probability(spec) -%}
        {%- do sums.update({
            'score_sum': 'sum(' ~ known ~ 'predicted_value end)',
            'squared_score_sum': 'sum(' ~ known ~ 'predicted_value * predicted_value end)',
            'log_loss_sum': log_loss,
        }) -%}
    {%- elif ml_monitor.has_errors(spec) -%}
        {%- do sums.update({'log_loss_sum': log_loss}) -%}
        {%- for k in [2, 3] if spec.class_scores | length > k -%}
            {%- do sums.update({'top_' ~ k ~ '_count': 'count(case when class_rank <= ' ~ k ~ ' then 1 end)'}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if ml_monitor.has_shadow(spec) -%}
        {%- do sums.update({
            'shadow_count': 'count(shadow_gain)', 'shadow_gain_sum': ml_monitor.float64('sum(shadow_gain)'),
            'shadow_gain_squared_sum': ml_monitor.float64('sum(shadow_gain * shadow_gain)'),
        }) -%}
    {%- endif -%}
    {%- for name, about in ml_monitor.custom_sums(spec).items() -%}{%- do sums.update({name: about[0]}) -%}{%- endfor -%}
    {%- do return(sums) -%}
{% endmacro %}

{#-
  The measures of performance of a task: what <m>__performance_metrics has a row for, made from the columns of <m>__performance (alias `p`).

  Arguments: task (string), has_score, has_probability, has_tolerance, has_class_scores, has_shadow (booleans: whether the monitor has a
    column with role score, one that is declared as a probability, an error_tolerance, columns with role class_score, and a challenger's
    prediction or score).
  Returns: list of dicts, with the default in brackets
    metric          its name, scikit-learn's where there is one
    description     for the docs and messages
    label           its name in messages [the name with blanks]
    unit            unit of the value
    bounds_by       how its 99.9 % interval is made: `Wilson` (of numerator / denominator), `normal` (estimate with its standard error),
                    `DeLong` (the same, by logits), `none`
    numerator, denominator   SQL of a proportion, or of a mean of values from 0 to 1
    estimate, error SQL of the value and of its standard error, where it is no proportion
    sample          SQL: the rows behind it [denominator]
    naive           SQL: what a model without any skill would have [NULL]
    min_sample      rows that the interval needs [0]
    estimated_numerator, estimated_denominator   SQL of a proportion as the score expects it, with labels or without [NULL]
    rows, detail, category   as in metric_catalog [none, '', performance]
    is_better       `higher`, `lower`, or none where neither is better
    is_mean         whether it is a mean over its sample, so that values of parts make the value of the whole
    missing         why it has no value for this monitor [none]
    judged          how it is compared with the baseline: `change` (difference) or `ratio`; measures without an interval are not [none]
  Source: scikit-learn for the formulas, in docs/metrics.md; Wilson (1927); of F1 the interval is that of the Jaccard index, of which F1 is
    a monotone function, and of average precision that of a proportion of positives (Boyd, Eng and Page 2013).
-#}
{% macro performance_measures(
    task, has_score=true, has_probability=true, has_tolerance=true, has_class_scores=true, has_shadow=true
) %}
    {%- set ns = namespace(measures=[]) -%}
    {%- set coverage = {
        'metric': 'label_coverage', 'unit': 'share of predictions', 'numerator': 'p.labelled_rows', 'denominator': 'p.predicted_rows',
        'judged': 'ratio', 'rows': 'not exists (select 1 {partners})', 'detail': '{part} of {sample} predictions have a label',
        'description': 'Share of predictions that have a label.',
    } -%}
    {%- set of_labels = [
        {
            'metric': 'orphan_label_rate', 'label': 'share of labels without a prediction', 'unit': 'share of labels',
            'numerator': 'p.orphan_label_rows', 'denominator': 'p.label_rows',
            'judged': 'change', 'category': 'quality', 'detail': '{part} of {sample} labels have no usable prediction in the log',
            'description': 'Share of the labels of a day, by their own time, without a usable prediction in the log.',
        },
        {
            'metric': 'conflicting_label_rate', 'label': 'share of replaced labels', 'unit': 'share of labels',
            'numerator': 'p.conflicting_label_rows', 'denominator': 'p.label_rows', 'judged': 'change', 'category': 'quality',
            'detail': '{part} of {sample} labels were replaced with other content for the same prediction',
            'description': 'Share of the labels of a day, by their own time, that other content for the same prediction replaced.',
        },
        {
            'metric': 'early_label_rate', 'label': 'share of labels before their prediction', 'unit': 'share of labels',
            'numerator': 'p.early_label_rows', 'denominator': 'p.labelled_rows', 'category': 'quality',
            'detail': '{part} of {sample} labels lie before their prediction',
            'description': 'Share of labels whose time lies before that of their prediction: a wrong join, a clock, or a leak.',
        },
    ] -%}
    {%- set errors = [
        'orphan_label_rate', 'conflicting_label_rate', 'early_label_rate',
        'false_positive_rate', 'brier_score', 'log_loss', 'expected_calibration_error', 'mae', 'rmse', 'error_sd', 'mape', 'wape', 'rmsle',
        'largest_error', 'median_absolute_error', 'absolute_error_p90', 'absolute_error_p99',
    ] -%}
    {%- set neither = ['bias', 'selection_rate', 'calibration_slope', 'calibration_intercept', 'label_selection_bias'] -%}
    {%- for measure in [coverage] + of_labels + (
        ml_monitor.regression_measures(has_tolerance) if task == 'regression'
        else ml_monitor.multiclass_measures(has_score or has_class_scores, has_class_scores) if task == 'multiclass'
        else ml_monitor.binary_measures(has_score, has_probability)
    ) + ([ml_monitor.shadow_measure(task)] if has_shadow else []) -%}
        {%- set ns.measures = ns.measures + [dict(ml_monitor.plain_measure(measure),
            is_better='lower' if measure.metric in errors else none if measure.metric in neither else 'higher',
            is_mean=measure.metric in ['mae', 'bias', 'mape', 'log_loss', 'shadow_gain']
                or (measure.numerator is defined and measure.metric not in ['f1', 'average_precision']))] -%}
    {%- endfor -%}
    {%- do return(ns.measures) -%}
{% endmacro %}


{#-
  What a challenger does better on the same rows. Of classes the standard error is that of McNemar's test with one row more on either side,
  so that few rows have an interval, too.
  Arguments: task (string). Returns: dict as in performance_measures.
  Source: McNemar (1947); Agresti and Min (2005).
-#}
{% macro shadow_measure(task) %}
    {%- set rows, gain, squares = 'p.shadow_count', 'p.shadow_gain_sum', 'p.shadow_gain_squared_sum' -%}
    {%- set mean, square = ml_monitor.ratio(gain, rows), ml_monitor.ratio(squares, rows) -%}
    {%- set measure = {'metric': 'shadow_gain', 'label': 'gain of the challenger', 'bounds_by': 'normal', 'estimate': mean, 'sample': rows,
        'min_sample': 30, 'naive': '0'} -%}
    {%- if task == 'regression' -%}
        {%- do return(dict(measure, unit='unit of the label',
            error=ml_monitor.error_of_mean('sqrt(' ~ ml_monitor.greatest_of([0, square ~ ' - power(' ~ mean ~ ', 2)']) ~ ')', rows),
            description='Mean |error| of the model less that of the challenger, on the same rows.')) -%}
    {%- endif -%}
    {%- do return(dict(measure, error='sqrt(' ~ squares ~ ' + 1 - power(' ~ gain ~ ', 2) / (' ~ rows ~ ' + 2)) / (' ~ rows ~ ' + 2)',
        description='Share of rows that the challenger predicts right, less that of the model, on the same rows.')) -%}
{% endmacro %}


{#-
  The shares of a binary task that are made of counts.
  Arguments (SQL): hits (true positives), called (predicted positives), positives, rows, correct.
  Returns: dict of metric -> [numerator, denominator].
-#}
{% macro binary_shares(hits, called, positives, rows, correct) %}
    {%- set negatives = '(' ~ rows ~ ' - ' ~ positives ~ ')' -%}
    {%- set false_alarms = '(' ~ called ~ ' - ' ~ hits ~ ')' -%}
    {%- do return({
        'accuracy': [correct, rows], 'precision': [hits, called], 'recall': [hits, positives],
        'specificity': ['(' ~ negatives ~ ' - ' ~ false_alarms ~ ')', negatives], 'false_positive_rate': [false_alarms, negatives],
        'f1': [hits, '(' ~ called ~ ' + ' ~ positives ~ ' - ' ~ hits ~ ')'],
    }) -%}
{% endmacro %}


{#- The measures of a binary task, as performance_measures has them; class 1 is positive. -#}
{% macro binary_measures(has_score, has_probability) %}
    {%- set hits, called, positives, rows = 'p.true_positive_rows', 'p.predicted_positive_rows', 'p.positive_rows', 'p.labelled_rows' -%}
    {%- set shares = ml_monitor.binary_shares(hits, called, positives, rows, 'p.correct_rows') -%}
    {%- set expected = [
        'p.estimated_true_positive_rows', 'p.estimated_predicted_positive_rows', 'p.estimated_positive_rows', 'p.estimated_rows',
    ] -%}
    {%- set estimated = ml_monitor.binary_shares(expected[0], expected[1], expected[2], expected[3],
        '(' ~ expected[3] ~ ' - ' ~ expected[1] ~ ' - ' ~ expected[2] ~ ' + 2 * ' ~ expected[0] ~ ')') -%}
    {%- set negatives = shares.specificity[1] -%}
    {%- set prevalence = ml_monitor.ratio(positives, rows) -%}
    {%- set call_rate = ml_monitor.ratio(called, rows) -%}
    {%- set recall, specificity = ml_monitor.ratio(hits, positives), ml_monitor.ratio(shares.specificity[0], negatives) -%}
    {%- set ns = namespace(measures=[]) -%}
    {%- for metric, about in {
        'accuracy': {'judged': 'change', 'naive': ml_monitor.ratio(ml_monitor.greatest_of([positives, negatives]), rows),
            'description': 'Share of correct predictions.'},
        'precision': {'judged': 'ratio', 'naive': prevalence, 'description': 'Share of predicted positives that are positive.'},
        'recall': {'judged': 'ratio', 'naive': call_rate, 'description': 'Share of positives that are predicted positive.'},
        'specificity': {'naive': '1 - ' ~ call_rate, 'description': 'Share of negatives that are predicted negative.'},
        'false_positive_rate': {'naive': call_rate, 'description': 'Share of negatives that are predicted positive.'},
        'f1': {'label': 'F1', 'unit': '0 to 1', 'description': 'Harmonic mean of precision and recall.'},
    }.items() -%}
        {%- set ns.measures = ns.measures + [dict({
            'metric': metric, 'numerator': shares[metric][0], 'denominator': shares[metric][1],
            'estimated_numerator': estimated[metric][0] if has_score else 'null',
            'estimated_denominator': estimated[metric][1] if has_score else 'null',
        }, **about)] -%}
    {%- endfor -%}
    {%- set of_counts = ns.measures + [
        {'metric': 'selection_rate', 'numerator': 'p.selected_rows', 'denominator': 'p.predicted_rows', 'unit': 'share of predictions',
            'description': 'Share of predictions that are positive, with a label or without.'},
        {'metric': 'balanced_accuracy', 'bounds_by': 'normal', 'estimate': '0.5 * (' ~ recall ~ ' + ' ~ specificity ~ ')', 'naive': '0.5',
            'error': '0.5 * sqrt(' ~ ml_monitor.variance_of_share(recall, positives) ~ ' + '
                ~ ml_monitor.variance_of_share(specificity, negatives) ~ ')',
            'sample': ml_monitor.least_of([positives, negatives]), 'min_sample': 30, 'description': 'Mean of recall and specificity.'},
        {'metric': 'mcc', 'label': 'Matthews correlation coefficient', 'unit': '-1 to 1', 'sample': rows, 'naive': '0',
            'estimate': '(' ~ ml_monitor.float64(hits) ~ ' * ' ~ rows ~ ' - ' ~ ml_monitor.float64(called) ~ ' * ' ~ positives
                ~ ') / nullif(sqrt(' ~ ml_monitor.float64(called) ~ ' * ' ~ positives ~ ') * sqrt(' ~ ml_monitor.float64(negatives)
                ~ ' * (' ~ rows ~ ' - ' ~ called ~ ')), 0)',
            'description': 'Correlation of prediction and label.'},
    ] -%}
    {%- if not has_score -%}{%- do return(of_counts) -%}{%- endif -%}
    {%- set of_ranks = of_counts + [
        {'metric': 'auc', 'label': 'AUC', 'unit': '0 to 1', 'bounds_by': 'DeLong', 'estimate': 'p.auc', 'error': 'p.auc_error',
            'naive': '0.5', 'sample': ml_monitor.least_of([positives, negatives]), 'min_sample': 20, 'judged': 'change',
            'description': 'Area under the ROC curve, from score cells.'},
        {'metric': 'average_precision', 'unit': '0 to 1', 'numerator': 'p.average_precision * ' ~ positives, 'denominator': positives,
            'naive': prevalence, 'min_sample': 20, 'judged': 'ratio',
            'description': 'Mean precision over the positives, from score cells; its bounds include what the cells leave open.'},
        {'metric': 'label_selection_bias', 'label': 'accuracy less that reweighted to all scores', 'sample': rows, 'bounds_by': 'normal',
            'min_sample': 30, 'error': 'sqrt(' ~ ml_monitor.variance_of_share(ml_monitor.ratio('p.correct_rows', rows), rows) ~ ')',
            'estimate': 'case when p.labelled_rows < p.predicted_rows then '
                ~ ml_monitor.ratio('p.correct_rows', rows) ~ ' - p.reweighted_accuracy end',
            'description': 'Accuracy less what it would be if the labelled rows had the scores of all rows: above 0, it looks better than '
                'it is.'},
    ] -%}
    {%- if not has_probability -%}{%- do return(of_ranks) -%}{%- endif -%}
    {%- set scored = 'p.error_count' -%}
    {%- set labels = '(p.error_sum + p.score_sum)' -%}
    {%- set products = '0.5 * (' ~ labels ~ ' + p.squared_score_sum - p.squared_error_sum)' -%}
    {%- set slope = '(' ~ products ~ ' - ' ~ labels ~ ' * p.score_sum / nullif(' ~ scored
        ~ ', 0)) / nullif(p.squared_score_sum - p.score_sum * p.score_sum / nullif(' ~ scored ~ ', 0), 0)' -%}
    {%- set rest = '(1 - ' ~ prevalence ~ ')' -%}
    {%- set entropy = 'case when ' ~ prevalence ~ ' in (0, 1) then 0 else -(' ~ prevalence ~ ' * ln(' ~ prevalence ~ ') + ' ~ rest
        ~ ' * ln(' ~ rest ~ ')) end' -%}
    {%- do return(of_ranks + [
        {'metric': 'brier_score', 'label': 'Brier score', 'unit': '0 to 1', 'numerator': 'p.squared_error_sum', 'denominator': scored,
            'naive': prevalence ~ ' * (1 - ' ~ prevalence ~ ')',
            'description': 'Mean squared difference of score and label.'},
        {'metric': 'log_loss', 'unit': 'nats', 'estimate': ml_monitor.ratio('p.log_loss_sum', scored), 'sample': scored, 'naive': entropy,
            'description': 'Mean of -ln of the probability that the score gave to the label.'},
        {'metric': 'expected_calibration_error', 'unit': '0 to 1', 'estimate': 'p.expected_calibration_error', 'sample': scored,
            'description': 'Mean difference of score and share of positives over the slots of the score.'},
        {'metric': 'calibration_slope', 'unit': 'positives per score', 'estimate': slope, 'sample': scored,
            'description': 'Slope of the least-squares line of the label on the score; 1 of a calibrated score.'},
        {'metric': 'calibration_intercept', 'unit': '-1 to 1', 'estimate': '(' ~ labels ~ ' - ' ~ slope ~ ' * p.score_sum) / nullif('
            ~ scored ~ ', 0)', 'sample': scored,
            'description': 'Intercept of that line; 0 of a calibrated score.'},
    ]) -%}
{% endmacro %}


{#- The measures of a multiclass task, as performance_measures has them. Arguments: has_estimates, has_class_scores (booleans). -#}
{% macro multiclass_measures(has_estimates, has_class_scores) %}
    {%- set missing = none if has_class_scores else 'no_class_scores' -%}
    {%- set scored = 'p.error_count' -%}
    {%- set ns = namespace(averages=[]) -%}
    {%- for metric, description in {
        'macro_precision': 'Mean precision of the classes that labels or predictions have.',
        'macro_recall': 'Mean recall of these classes, 0 for a class without labels.', 'macro_f1': 'Mean F1 of these classes.',
        'weighted_precision': 'Mean precision, weighted by the labels of each class.',
        'weighted_f1': 'Mean F1, weighted by the labels of each class.',
    }.items() -%}
        {%- set ns.averages = ns.averages + [{
            'metric': metric, 'unit': '0 to 1', 'estimate': 'p.' ~ metric, 'sample': 'p.labelled_rows', 'description': description,
        }] -%}
    {%- endfor -%}
    {%- do return([
        {'metric': 'accuracy', 'numerator': 'p.correct_rows', 'denominator': 'p.labelled_rows', 'judged': 'change',
            'estimated_numerator': 'p.estimated_correct_rows' if has_estimates else 'null',
            'estimated_denominator': 'p.estimated_rows' if has_estimates else 'null',
            'naive': ml_monitor.ratio('p.majority_rows', 'p.labelled_rows'), 'description': 'Share of correct predictions.'},
        {'metric': 'balanced_accuracy', 'bounds_by': 'normal', 'estimate': 'p.balanced_accuracy', 'error': 'p.balanced_accuracy_error',
            'sample': 'p.labelled_rows', 'min_sample': 30, 'judged': 'change',
            'description': 'Mean recall of the classes that labels have.'},
    ] + ns.averages + [
        {'metric': 'auc', 'label': 'AUC', 'unit': '0 to 1', 'bounds_by': 'DeLong', 'estimate': 'p.auc', 'error': 'p.auc_error',
            'naive': '0.5', 'sample': scored, 'min_sample': 100, 'judged': 'change', 'missing': missing,
            'description': 'Area under the ROC curve of each class against the others, from score cells: their mean.'},
        {'metric': 'log_loss', 'unit': 'nats', 'estimate': ml_monitor.ratio('p.log_loss_sum', scored), 'sample': scored, 'missing': missing,
            'description': 'Mean of -ln of the probability that the class score gave to the label.'},
        {'metric': 'top_2_accuracy', 'numerator': 'p.top_2_count', 'denominator': scored, 'missing': missing,
            'description': 'Share of labels among the two classes with the highest scores.'},
        {'metric': 'top_3_accuracy', 'numerator': 'p.top_3_count', 'denominator': scored, 'missing': missing,
            'description': 'Share of labels among the three classes with the highest scores.'},
    ]) -%}
{% endmacro %}


{#- The measures of a regression, as performance_measures has them. -#}
{% macro regression_measures(has_tolerance) %}
    {%- set rows, unit = 'p.error_count', 'unit of the label' -%}
    {%- set square, mean = ml_monitor.ratio('p.squared_error_sum', rows), ml_monitor.ratio('p.error_sum', rows) -%}
    {%- set absolute = ml_monitor.ratio('p.absolute_error_sum', rows) -%}
    {%- set spread = 'sqrt(' ~ ml_monitor.greatest_of([0, square ~ ' - power({}, 2)']) ~ ')' -%}
    {%- set measures = [
        {'metric': 'mae', 'label': 'MAE', 'unit': unit, 'bounds_by': 'normal', 'estimate': absolute, 'sample': rows, 'min_sample': 30,
            'naive': 'p.naive_mae',
            'error': ml_monitor.error_of_mean(spread.format(absolute), rows), 'judged': 'ratio', 'description': 'Mean absolute error.'},
        {'metric': 'rmse', 'label': 'RMSE', 'unit': unit, 'estimate': 'sqrt(' ~ square ~ ')', 'sample': rows, 'naive': 'p.label_sd',
            'description': 'Root of the mean squared error.'},
        {'metric': 'bias', 'unit': unit, 'bounds_by': 'normal', 'estimate': '-' ~ mean, 'sample': rows, 'min_sample': 30, 'naive': '0',
            'error': ml_monitor.error_of_mean(spread.format(mean), rows), 'description': 'Mean of prediction minus label.'},
        {'metric': 'error_sd', 'label': 'standard deviation of the error', 'unit': unit, 'estimate': spread.format(mean), 'sample': rows,
            'description': 'Population standard deviation of the error.'},
        {'metric': 'r2', 'label': 'R2', 'unit': 'at most 1', 'sample': rows, 'naive': '0',
            'estimate': '1 - ' ~ square ~ ' / nullif(p.label_sd * p.label_sd, 0)', 'description': 'Coefficient of determination.'},
        {'metric': 'mape', 'label': 'MAPE', 'unit': 'share of the label', 'sample': 'p.nonzero_label_count',
            'estimate': ml_monitor.ratio('p.percentage_error_sum', 'p.nonzero_label_count'),
            'description': 'Mean of |error / label|; labels of 0 are left out.'},
        {'metric': 'wape', 'label': 'WAPE', 'unit': 'share of the label', 'sample': rows,
            'estimate': 'p.absolute_error_sum / nullif(p.absolute_label_sum, 0)', 'description': 'Sum of |error| by the sum of |label|.'},
        {'metric': 'rmsle', 'label': 'RMSLE', 'unit': 'logarithm', 'sample': 'p.nonnegative_count',
            'estimate': 'sqrt(' ~ ml_monitor.ratio('p.squared_log_error_sum', 'p.nonnegative_count') ~ ')',
            'description': 'Root of the mean squared error of ln(1 + x); rows with a negative label or prediction are left out.'},
        {'metric': 'median_absolute_error', 'unit': unit, 'estimate': 'p.median_absolute_error', 'sample': rows,
            'description': 'Median of |error|, from cells (within 3 %).'},
        {'metric': 'absolute_error_p90', 'unit': unit, 'estimate': 'p.absolute_error_p90', 'sample': rows,
            'description': 'What 90 % of |error| are at most.'},
        {'metric': 'absolute_error_p99', 'unit': unit, 'estimate': 'p.absolute_error_p99', 'sample': rows,
            'description': 'What 99 % of |error| are at most.'},
        {'metric': 'largest_error', 'unit': unit, 'estimate': 'p.largest_error', 'sample': rows, 'description': 'Largest |error|.'},
    ] -%}
    {%- if not has_tolerance -%}{%- do return(measures) -%}{%- endif -%}
    {%- do return(measures + [{
        'metric': 'within_tolerance', 'numerator': 'p.tolerated_count', 'denominator': rows, 'judged': 'change',
        'description': 'Share of errors within error_tolerance.',
    }]) -%}
{% endmacro %}


{#-
  Variance of a share of some rows, as SQL: at the center of its Wilson interval, since the share itself may be 0 or 1.
  Arguments: share, rows (SQL).
-#}
{% macro variance_of_share(share, rows) %}
    {%- set z2 = ml_monitor.normal_quantile_9995() * ml_monitor.normal_quantile_9995() -%}
    {%- set center = '(' ~ rows ~ ' * ' ~ share ~ ' + ' ~ (z2 / 2) ~ ') / (' ~ rows ~ ' + ' ~ z2 ~ ')' -%}
    {%- do return(center ~ ' * (1 - ' ~ center ~ ') / (' ~ rows ~ ' + ' ~ z2 ~ ')') -%}
{% endmacro %}

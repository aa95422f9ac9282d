{#- The columns of <m>__relations. -#}
{% macro relations_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['relation_id', 'string', 'md5 of monitor, window_grain, window_start, model_version, column_a and column_b.'],
        'monitor',
        ['window_grain', 'Always day.'],
        'window_start', 'window_end',
        ['baseline', 'Always serving.'],
        ['model_version', 'Model version of pairs with an output; `__all__` for other pairs, which are judged over all versions, and '
            'where an output has no rows.'],
        ['segment_name, segment_value', 'Always `__all__`.'],
        ['column_a', 'string', 'First column of the pair.'],
        ['column_b', 'string', 'Second column; the output, if one of the two is.'],
        ['is_in_baseline', 'boolean', 'Whether the day is one of the baseline; then it is compared with the others.'],
        ['current_rows', 'Rows of the day with both values finite.'],
        ['reference_rows', 'bigint', 'Rows of the baseline with both values finite.'],
        ['baseline_windows', 'Days of the baseline that say how variable the pair is.'],
        ['current_correlation', 'double', "Pearson's correlation of the clipped values (-1 to 1); NULL if a column is constant."],
        ['reference_correlation', 'double', 'The same in the baseline (-1 to 1).'],
        ['correlation_change', 'double', "|difference| of Fisher's z (inverse hyperbolic tangent) of the two; NULL if one is undefined."],
        ['correlation_noise', 'double', 'Change that sampling alone exceeds in one of a thousand days: 3.29 sqrt(1/(n - 3) + 1/(m - 3)).'],
        ['correlation_baseline_variation', 'double', "Root of the mean squared change of the baseline's days less their sampling variance; "
            'never below 0.'],
        ['correlation_min_detectable', 'double', 'Smallest change that could have been found: noise, plus four times the '
            'baseline_variation, of which the part that chance does not explain counts twice (docs/metrics.md of ml_monitor).'],
        ['is_correlation_changed', 'boolean', 'Whether the change is beyond that.'],
        ['correlation_reason', 'string', 'Why the change cannot be judged: insufficient_sample, no_baseline, undefined (a constant '
            'column) or too_variable; else NULL.'],
        ['joint_bin_count', 'int', 'Cells of the joint table after pooling.'],
        ['joint_psi', 'double', 'Population stability index of the nine cells against the baseline.'],
        ['joint_psi_excess', 'double', 'joint_psi less its expectation under no drift.'],
        ['joint_psi_noise', 'double', '0.9995 quantile of joint_psi_excess under no drift.'],
        ['joint_psi_p_value', 'double', 'Chance of a joint_psi at least so large under no drift, before any baseline_variation (0 to 1).'],
        ['joint_baseline_variation', 'double', "Mean joint_psi_excess of the baseline's days, never below 0."],
        ['joint_min_detectable', 'double', 'Smallest joint_psi_excess that could have been found, as min_detectable of a column.'],
        ['is_joint_drift_detected', 'boolean', 'Whether joint_psi_excess is beyond that.'],
        ['joint_reason', 'string', 'Why joint_psi cannot be judged: insufficient_sample, no_baseline, too_few_bins or too_variable; else '
            'NULL.'],
        ['current_output_mean_low', 'double', 'Mean of column_b of the day where column_a is low, in the unit of column_b; NULL if '
            'column_b is no output, and without rows.'],
        ['current_output_mean_middle', 'double', 'Mean of column_b of the day where column_a is middle, in the unit of column_b; NULL if '
            'column_b is no output, and without rows.'],
        ['current_output_mean_high', 'double', 'Mean of column_b of the day where column_a is high, in the unit of column_b; NULL if '
            'column_b is no output, and without rows.'],
        ['reference_output_mean_low', 'double', 'Mean of column_b of the baseline where column_a is low, in the unit of column_b; NULL if '
            'column_b is no output, and without rows.'],
        ['reference_output_mean_middle', 'double', 'Mean of column_b of the baseline where column_a is middle, in the unit of column_b; '
            'NULL if column_b is no output, and without rows.'],
        ['reference_output_mean_high', 'double', 'Mean of column_b of the baseline where column_a is high, in the unit of column_b; NULL '
            'if column_b is no output, and without rows.'],
        ['baseline_state', 'What the baseline held; when it changes, all days are rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

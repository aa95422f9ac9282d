{#-
  Model <m>__performance: how many predictions have their outcome, and how good those are: of each day by total, version and segment, and
  of the last 7 and 28 days of each day by total and version.

  Arguments: monitor (string).
  Columns: performance_columns; label_coverage is labelled / predicted (99.9 % Wilson bounds); accuracy, precision, recall and f1
  are over labelled rows (scikit-learn's names; binary: class 1 is positive); mae, rmse and bias (prediction minus label) are
  in the unit of the label; label_psi and what belongs to it is label drift (label_drift.sql), of all versions together. Undefined is NULL,
  never 0.
-#}
{% macro performance(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=[
        'hourly_outcomes', 'baseline_windows', 'grid', 'ml_chi_square_quantiles', 'expected_changes',
    ],
        key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.performance_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__performance. Arguments: monitor (string). -#}
{% macro performance_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'performance') -%}
    {%- set rollup = ref(monitor ~ '__hourly_outcomes') -%}
    {%- set day = ml_monitor.truncate('day', 'window_start') -%}
    {%- set is_binary = spec.task == 'binary' -%}
    {%- set is_regression = spec.task == 'regression' -%}
    {%- set sums = ['predicted_rows', 'labelled_rows'] + (['error_sum', 'absolute_error_sum', 'squared_error_sum'] if is_regression
        else ['correct_rows', 'true_positive_rows', 'predicted_positive_rows', 'positive_rows']) -%}
    {%- set days = ml_monitor.days_of_window('joined') -%}
    {%- set head -%}
{{ ml_monitor.rollup_windows(rollup, 'row_count', ml_monitor.window_days() | list) }}

{{ ml_monitor.label_baseline(spec, rollup, ref(monitor ~ '__baseline_windows')) }}

{% if ml_monitor.is_incremental() -%}
labels_of_days as (

    select {{ day }} as day, max(labels_batch) as labels_batch
    from {{ rollup }}
    group by {{ day }}

),

built_windows as (

    select
        window_grain,
        window_start,
        min(labels_batch) as labels_batch,
        max(case when is_mature then 0 else 1 end) as is_immature,
        max(case when coalesce(baseline_state, '') <> coalesce((select baseline_state from label_baseline), '') then 1 else 0 end)
            as is_outdated
    from {{ this }}
    group by window_grain, window_start

),

{% endif -%}
written_windows as (

    select windows.window_grain, windows.window_start, windows.window_end
    from windows
    {%- if ml_monitor.is_incremental() %}
    left join built_windows
        on windows.window_grain = built_windows.window_grain and windows.window_start = built_windows.window_start
    where
        {{ ml_monitor.is_touched(declaration_hash) | indent(8) }}
        or (built_windows.is_immature = 1 and {{ ml_monitor.mature_at(spec, 'windows.window_end') }})
        or exists (
            select 1
            from labels_of_days
            where
                labels_of_days.day >= windows.window_start
                and labels_of_days.day < windows.window_end
                and labels_of_days.labels_batch > built_windows.labels_batch
        )
        or built_windows.is_outdated = 1
    {%- endif %}

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('performance', monitor, head, 'written_windows', hashes={declaration_hash: none}) %}

-- Of each version, and of all together.
day_counts as (

    select
        {{ day }} as window_start,
        case versions.is_apart when 1 then r.model_version else '__all__' end as model_version,
        r.segment_name,
        r.segment_value,
        sum(r.row_count) as predicted_rows,
        sum(r.labelled_count) as labelled_rows,
        {%- if is_regression %}
        sum(r.error_sum) as error_sum,
        sum(r.absolute_error_sum) as absolute_error_sum,
        sum(r.squared_error_sum) as squared_error_sum
        {%- else %}
        sum(case when r.prediction = r.label then r.labelled_count else 0 end) as correct_rows,
        sum(case when r.prediction = '1' and r.label = '1' then r.labelled_count else 0 end) as true_positive_rows,
        sum(case when r.prediction = '1' then r.labelled_count else 0 end) as predicted_positive_rows,
        sum(case when r.label = '1' then r.labelled_count else 0 end) as positive_rows
        {%- endif %}
    from {{ ml_monitor.aliased(rollup, 'r') }}
    cross join (select 0 as is_apart union all select 1 as is_apart) as versions
    where r.label <> '__none__'
    group by {{ day }}, case versions.is_apart when 1 then r.model_version else '__all__' end, r.segment_name, r.segment_value

),

counted as (

    select
        w.window_grain,
        w.window_start,
        d.model_version,
        d.segment_name,
        d.segment_value,
        {%- for name in sums %}
        sum(d.{{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from written_windows as w
    inner join day_counts as d
        on
            d.window_start >= w.window_start
            and d.window_start < w.window_end
            and (w.window_grain = 'day' or d.segment_name = '__all__')
    group by w.window_grain, w.window_start, d.model_version, d.segment_name, d.segment_value

),

{{ ml_monitor.label_drift(spec) }}

-- A window without predictions has its total all the same.
joined as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        coalesce(c.model_version, '__all__') as model_version,
        coalesce(c.segment_name, '__all__') as segment_name,
        coalesce(c.segment_value, '__all__') as segment_value,
        {%- for name in sums %}
        {{ 'coalesce(c.' ~ name ~ ', 0) as ' ~ name if loop.index < 3 else 'c.' ~ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from written_windows as w
    left join counted as c on w.window_grain = c.window_grain and w.window_start = c.window_start

),

measured as (

    select
        joined.window_grain,
        joined.window_start,
        joined.window_end,
        joined.model_version,
        joined.segment_name,
        joined.segment_value,
        joined.predicted_rows,
        joined.labelled_rows,
        {{ ml_monitor.bounded_ratio('label_coverage', 'joined.labelled_rows', 'joined.predicted_rows') }},
        {{ ml_monitor.mature_at(spec, 'joined.window_end') }} as is_mature,
        {%- for name in ['correct_rows', 'true_positive_rows', 'predicted_positive_rows', 'positive_rows'] %}
        {{ 'joined.' ~ name if is_binary or (name == 'correct_rows' and not is_regression) else 'null' }} as {{ name }},
        {%- endfor %}
        {{ ml_monitor.ratio('joined.correct_rows', 'joined.labelled_rows') if not is_regression else 'null' }} as accuracy,
        {{ ml_monitor.ratio('joined.true_positive_rows', 'joined.predicted_positive_rows') if is_binary else 'null' }} as precision_score,
        {{ ml_monitor.ratio('joined.true_positive_rows', 'joined.positive_rows') if is_binary else 'null' }} as recall,
        {{ ml_monitor.ratio('2 * joined.true_positive_rows', '(joined.predicted_positive_rows + joined.positive_rows)') if is_binary
            else 'null' }} as f1,
        {{ ml_monitor.ratio('joined.absolute_error_sum', 'joined.labelled_rows') if is_regression else 'null' }} as mae,
        {{ 'sqrt(' ~ ml_monitor.ratio('joined.squared_error_sum', 'joined.labelled_rows') ~ ')' if is_regression else 'null' }} as rmse,
        {{ ml_monitor.ratio('-joined.error_sum', 'joined.labelled_rows') if is_regression else 'null' }} as bias,
        coalesce(d.is_in_baseline, false) as is_in_baseline,
        {%- for name in [
            'reference_rows', 'current_rows', 'bin_count', 'psi', 'psi_excess', 'psi_noise', 'baseline_variation', 'baseline_windows',
            'top_bin', 'top_bin_reference_share', 'top_bin_current_share',
        ] %}
        d.{{ name }} as label_{{ name }},
        {%- endfor %}
        {{ ml_monitor.min_detectable('d', days) }} as label_min_detectable,
        coalesce(d.psi_excess > {{ ml_monitor.min_detectable('d', days) }}, false) as is_label_drift_detected,
        case
            when joined.model_version <> '__all__' then null
            when not {{ ml_monitor.mature_at(spec, 'joined.window_end') }} then 'immature_labels'
            when d.window_start is null then 'insufficient_sample'
            else {{ ml_monitor.psi_reason('d') }}
        end as label_psi_reason,
        (select baseline_state from label_baseline) as baseline_state,
        (select max(labels_batch) from {{ rollup }}) as labels_batch
    from joined
    left join label_drift as d
        on
            joined.model_version = '__all__'
            and joined.window_grain = d.window_grain
            and joined.window_start = d.window_start
            and joined.segment_name = d.segment_name
            and joined.segment_value = d.segment_value

),

{{ ml_monitor.final_select(
    monitor, 'performance', 'measured', ['window_grain', 'window_start', 'model_version', 'segment_name', 'segment_value'], declaration_hash
) }}
{%- endcall %}
{% endmacro %}


{#- The columns of <m>__performance. -#}
{% macro performance_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['performance_id', 'string', 'md5 of monitor, window_grain, window_start, model_version and segment.'],
        'monitor',
        ['window_grain', 'day, 7_days or 28_days.'],
        'window_start', 'window_end', 'model_version', 'segment_name', 'segment_value',
        ['predicted_rows', 'bigint', 'Predictions.'],
        ['labelled_rows', 'bigint', 'Predictions that have a label.'],
        ['label_coverage', 'bounded', 'labelled_rows / predicted_rows (0 to 1).'],
        ['is_mature', 'boolean', 'True if label_horizon_hours had passed since window_end.'],
        ['correct_rows', 'bigint', 'Labelled predictions that equal their label; NULL for a regression.'],
        ['true_positive_rows', 'bigint', 'Labelled rows predicted 1 whose label is 1; binary only.'],
        ['predicted_positive_rows', 'bigint', 'Labelled rows predicted 1; binary only.'],
        ['positive_rows', 'bigint', 'Labelled rows whose label is 1; binary only.'],
        ['accuracy', 'double', 'Correct predictions per labelled row (0 to 1); NULL for a regression.'],
        ['precision_score', 'double', 'Share of predicted positives that are positive (0 to 1); binary only.'],
        ['recall', 'double', 'Share of positives that are predicted positive (0 to 1); binary only.'],
        ['f1', 'double', 'Harmonic mean of precision and recall (0 to 1); binary only.'],
        ['mae', 'double', 'Mean absolute error, in the unit of the label; regression only.'],
        ['rmse', 'double', 'Root of the mean squared error, in the unit of the label; regression only.'],
        ['bias', 'double', 'Mean of prediction minus label, in the unit of the label; regression only.'],
        ['is_in_baseline', 'boolean', 'True if labels of the window are part of the serving baseline; it is then compared with the rest '
            'of it.'],
        ['label_reference_rows', 'bigint', 'Labels of the days of the serving baseline that are mature (of numbers: finite ones). This '
            'and all label_ columns after it: NULL for a single version.'],
        ['label_current_rows', 'bigint', 'Labels of the window (of numbers finite ones).'],
        ['label_bin_count', 'int', 'Classes or slots left after pooling.'],
        ['label_psi', 'double', 'PSI of the labels of the window against the baseline; NULL with fewer than two bins.'],
        ['label_psi_excess', 'double', 'label_psi less its expectation under no drift.'],
        ['label_psi_noise', 'double', '0.9995 quantile of label_psi_excess under no drift.'],
        ['label_baseline_variation', 'double',
        'Mean label_psi_excess of each baseline day against the rest of the baseline, never below 0.'],
        ['label_baseline_windows', 'int', 'Days that label_baseline_variation is the mean of.'],
        ['label_min_detectable', 'double', 'Smallest label_psi_excess that counts as a change.'],
        ['is_label_drift_detected', 'boolean', 'True if label_psi_excess is above label_min_detectable.'],
        ['label_psi_reason', 'string', 'Why it cannot be judged: immature_labels, insufficient_sample, no_baseline, too_few_bins, '
            'too_variable; else NULL.'],
        ['label_top_bin', 'string', 'What the bin that contributes most to label_psi holds: a class, or a range.'],
        ['label_top_bin_reference_share', 'double', 'Share of that bin in the baseline (0 to 1).'],
        ['label_top_bin_current_share', 'double', 'Share of that bin in the window (0 to 1).'],
        ['baseline_state', 'Which labels it was compared with, so that another baseline is noticed.'],
        'rebuild_key', 'declaration_hash', 'ml_batch', 'labels_batch',
    ])) -%}
{% endmacro %}

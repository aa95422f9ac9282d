{#-
  Model <m>__performance: how many predictions have their outcome, and how good those are: of each day by total, version and segment, of
  the last 7 and 28 days of each day by total and version (28 days by protected segment, too), and of the days of the serving baseline
  together (window_grain `baseline`).

  What adds up over rows is kept as sums, so that any union of windows is a sum of rows; <m>__performance_metrics makes metrics with
  intervals of them and compares these with the baseline.

  Arguments: monitor (string).
  Until the labels of a window have had label_horizon_hours, label_maturity says how far they are: the days of the baseline say which
  share of the labels is there after so many hours.

  Columns: performance_columns; label_coverage is labelled / predicted (99.9 % Wilson bounds); accuracy, precision, recall and f1
  are over labelled rows (scikit-learn's names; binary: class 1 is positive); mae, rmse and bias (prediction minus label) are
  in the unit of the label; label_psi and what belongs to it is label drift (label_drift.sql), of all versions together. Undefined is NULL,
  never 0.
-#}
{% macro performance(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=[
        'hourly_outcomes', 'hourly_joins', 'baseline_windows', 'grid', 'ml_chi_square_quantiles', 'expected_changes',
    ],
        key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.performance_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__performance. Arguments: monitor (string). -#}
{% macro performance_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'performance') -%}
    {%- set rollup = ref(monitor ~ '__hourly_outcomes') -%}
    {%- set sums = ml_monitor.performance_sums(spec) -%}
    {%- set has_scores = spec.task == 'binary' and ml_monitor.role_column(spec.inferences, 'score') is not none -%}
    {%- set has_cells = spec.task == 'regression' or (spec.class_scores or []) != [] -%}
    {%- set protected = ml_monitor.protected_segments(spec) -%}
    {%- set has_classes = spec.task == 'multiclass' -%}
    {%- set days = ml_monitor.days_of_window('joined') -%}
    {%- set prediction = spec.inferences | selectattr('role', 'equalto', 'prediction') | map(attribute='name') | first -%}
    {%- set derived = ml_monitor.performance_values(spec) -%}
    {%- set of_score = [
        'auc', 'auc_error', 'average_precision', 'average_precision_from', 'average_precision_to', 'expected_calibration_error',
        'label_selection_psi', 'label_selection_noise', 'reweighted_accuracy',
    ] -%}
    {%- set of_cells = ['median_absolute_error', 'absolute_error_p90', 'absolute_error_p99'] if spec.task == 'regression'
        else ['auc', 'auc_error'] -%}
    {%- set of_classes = [
        'majority_rows', 'balanced_accuracy', 'balanced_accuracy_error', 'macro_precision', 'macro_recall', 'macro_f1',
        'weighted_precision', 'weighted_f1',
    ] -%}
    {%- set of_label_drift = [
        'reference_rows', 'current_rows', 'bin_count', 'psi', 'psi_excess', 'psi_noise', 'baseline_variation', 'baseline_windows',
        'top_bin', 'top_bin_reference_share', 'top_bin_current_share',
    ] -%}
    {%- set head -%}
{{ ml_monitor.performance_windows(spec, rollup, declaration_hash) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('performance', monitor, head, 'written_windows', hashes={declaration_hash: none}) %}

{% if ml_monitor.has_estimates(spec) -%}
{{ ml_monitor.calibration(spec, rollup) }}

{% endif -%}
{{ ml_monitor.counts_of_days(spec, rollup, sums) }}

{{ ml_monitor.performance_spans() }}

{{ ml_monitor.label_arrivals(spec, rollup) }}

counted as (

    select
        w.window_grain,
        w.window_start,
        d.model_version,
        d.segment_name,
        d.segment_value,
        {%- for name in sums %}
        {{ ml_monitor.outcome_total(name, 'd') }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from window_days as w
    inner join day_counts as d
        on
            w.day = d.day
            and (
                w.has_segments = 1
                or d.segment_name = '__all__'
                {%- if protected %}
                or (w.window_grain = '28_days' and d.segment_name in ({{ ml_monitor.string_list(protected) }}))
                {%- endif %}
            )
    group by w.window_grain, w.window_start, d.model_version, d.segment_name, d.segment_value

),

{% if has_scores -%}
{{ ml_monitor.score_performance(rollup) }}

{% endif -%}
{% if has_cells -%}
{{ ml_monitor.cell_performance(spec, rollup) }}

{% endif -%}
{% if has_classes -%}
{{ ml_monitor.class_performance(rollup) }}

{% endif -%}
{{ ml_monitor.label_drift(spec) }}

-- A window without predictions has its total all the same.
joined as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        w.baseline_since,
        coalesce(c.model_version, '__all__') as model_version,
        coalesce(c.segment_name, '__all__') as segment_name,
        coalesce(c.segment_value, '__all__') as segment_value,
        {%- for name in sums %}
        {{ 'coalesce(c.' ~ name ~ ', 0) as ' ~ name if loop.index < 3 else 'c.' ~ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from all_windows as w
    left join counted as c on w.window_grain = c.window_grain and w.window_start = c.window_start

),

measured as (

    select
        joined.*,
        {{ ml_monitor.bounded_ratio('label_coverage', 'joined.labelled_rows', 'joined.predicted_rows') }},
        {{ ml_monitor.mature_at(spec, 'joined.window_end') }} as is_mature,
        {%- for name, sql in derived.items() %}
        {{ sql }} as {{ name }},
        {%- endfor %}
        {%- for name in of_score if has_scores %}
        s.{{ name }},
        {%- endfor %}
        {%- for name in of_cells if has_cells %}
        e.{{ name }},
        {%- endfor %}
        {%- for name in of_classes if has_classes %}
        k.{{ name }},
        {%- endfor %}
        coalesce(d.is_in_baseline, false) as is_in_baseline,
        {%- for name in of_label_drift %}
        d.{{ name }} as label_{{ name }},
        {%- endfor %}
        {{ ml_monitor.min_detectable('d', days) }} as label_min_detectable,
        coalesce(d.psi_excess > {{ ml_monitor.min_detectable('d', days) }}, false) as is_label_drift_detected,
        case
            when joined.model_version <> '__all__' or (joined.window_grain <> 'day' and joined.segment_name <> '__all__') then null
            when not {{ ml_monitor.mature_at(spec, 'joined.window_end') }} then 'immature_labels'
            when d.window_start is null then 'insufficient_sample'
            else {{ ml_monitor.psi_reason('d') }}
        end as label_psi_reason,
        (select baseline_state from label_baseline) as baseline_state,
        {{ ml_monitor.greatest_of([
            '(select max(labels_batch) from ' ~ rollup ~ ')', '(select coalesce(max(labels_batch), 0) from label_joins)'
        ]) }} as labels_batch
    from joined
    left join arrival_curve as c
        on
            joined.window_grain <> 'baseline'
            and joined.baseline_since = c.baseline_since
            and {{ derived.label_age_hours }} = c.label_age_hours
    left join label_drift as d
        on
            joined.model_version = '__all__'
            and joined.window_grain = d.window_grain
            and joined.window_start = d.window_start
            and joined.segment_name = d.segment_name
            and joined.segment_value = d.segment_value
    {%- if has_scores %}
    left join score_performance as s
        on
            joined.segment_name = '__all__'
            and joined.window_grain = s.window_grain
            and joined.window_start = s.window_start
            and joined.model_version = s.model_version
    {%- endif %}
    {%- if has_cells %}
    left join cell_performance as e
        on
            joined.segment_name = '__all__'
            and joined.window_grain = e.window_grain
            and joined.window_start = e.window_start
            and joined.model_version = e.model_version
    {%- endif %}
    {%- if has_classes %}
    left join class_performance as k
        on
            joined.window_grain = k.window_grain
            and joined.window_start = k.window_start
            and joined.model_version = k.model_version
            and joined.segment_name = k.segment_name
            and joined.segment_value = k.segment_value
    {%- endif %}
    {%- if spec.task == 'regression' %}
    left join {{ ml_monitor.aliased(ref(monitor ~ '__grid'), 'grid') }}
        on grid.column_name = {{ ml_monitor.string_literal(prediction) }}
    {%- endif %}

),

{%- set own = ml_monitor.table_columns('performance', monitor) | map('first') | list -%}
{%- set found = sums | list + derived | list + (of_score if has_scores else []) + (of_cells if has_cells else [])
    + (of_classes if has_classes else []) -%}
{%- set missing = [] -%}
{%- for name in own[own.index('correct_rows'):own.index('is_in_baseline')] if name not in found -%}
    {%- do missing.append(name) -%}
{%- endfor %}

{{ ml_monitor.final_select(
    monitor, 'performance', 'measured', ['window_grain', 'window_start', 'model_version', 'segment_name', 'segment_value'],
    declaration_hash, {'rebuild_key': "case when window_grain = 'baseline' then 'baseline' else " ~ ml_monitor.window_key() ~ ' end'},
    own | reject('in', missing) | list
) }}
{%- endcall %}
{% endmacro %}


{#-
  The windows that <m>__performance writes, as CTEs ending in `written_windows`: those whose predictions or labels changed, and with any
  news those whose labels are not mature, since what is expected of them follows from all of the baseline.
  Arguments: spec, rollup (relation <m>__hourly_outcomes), declaration_hash (string).
-#}
{% macro performance_windows(spec, rollup, declaration_hash) -%}
{{ ml_monitor.rollup_windows(rollup, 'row_count', ml_monitor.window_days() | list) }}

{{ ml_monitor.label_baseline(spec, rollup, ref(spec.name ~ '__baseline_windows')) }}

{{ ml_monitor.label_joins(spec) }}

{% if ml_monitor.is_incremental() -%}
batches_of_days as (

    select {{ ml_monitor.truncate('day', 'window_start') }} as day, max(labels_batch) as labels_batch, max(ml_batch) as ml_batch
    from {{ rollup }}
    group by {{ ml_monitor.truncate('day', 'window_start') }}
    union all
    select day, labels_batch, ml_batch from label_joins

),

built_windows as (

    select
        window_grain,
        window_start,
        min(labels_batch) as labels_batch,
        min(ml_batch) as ml_batch,
        min(label_age_hours) as label_age_hours,
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
        or built_windows.label_age_hours <> {{ ml_monitor.label_age(spec, 'windows.window_end') }}
        or exists (
            select 1
            from batches_of_days as days
            where
                (days.day >= windows.window_start and days.day < windows.window_end or built_windows.is_immature = 1)
                and (days.labels_batch > built_windows.labels_batch or days.ml_batch > built_windows.ml_batch)
        )
        or built_windows.is_outdated = 1
    {%- endif %}

),
{%- endmacro %}


{#-
  The sums of each day by version and segment, as the CTE `day_counts`, with the labels of its own time beside the total.
  Arguments: spec, rollup (relation <m>__hourly_outcomes), sums (dict of performance_sums).
-#}
{% macro counts_of_days(spec, rollup, sums) -%}
{%- set day = ml_monitor.truncate('day', 'r.window_start') -%}
{%- set of_labels = ['label_rows', 'orphan_label_rows', 'conflicting_label_rows'] -%}
-- Of each version, and of all together.
day_counts as (

    select
        {{ day }} as day,
        {{ ml_monitor.version_or_all() }} as model_version,
        r.segment_name,
        r.segment_value,
        {%- for name, sql in sums.items() %}
        {{ sql }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ml_monitor.aliased(rollup, 'r') }}
    cross join (select 0 as is_apart union all select 1 as is_apart) as versions
    {%- if 'estimated_rows' in sums %}
    left join label_periods as periods on {{ day }} >= periods.period_start and {{ day }} < periods.period_end
    left join calibration as c
        on
            periods.baseline_since = c.baseline_since
            and r.segment_name = c.segment_name
            and r.segment_value = c.segment_value
            and r.prediction = c.prediction
            and {{ ml_monitor.score_bin('r.score_slot') }} = c.score_bin
    {%- endif %}
    where r.label <> '__none__' and r.segment_name <> '__cells__'
    group by {{ day }}, {{ ml_monitor.version_or_all() }}, r.segment_name, r.segment_value
    union all
    select
        day,
        '__all__' as model_version,
        '__all__' as segment_name,
        '__all__' as segment_value,
        {%- for name in sums %}
        {{ name if name in of_labels else 'null' }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from label_joins

),
{%- endmacro %}


{#-
  What is counted in which window, as CTEs. A day without predictions is there, too: it may have labels.
    all_windows   window_grain, window_start, window_end, baseline_since: written windows, and the baselines whenever this is run
    window_days   window_grain, window_start, day, has_segments (1 or 0)
-#}
{% macro performance_spans() -%}
{%- set numbers = [] -%}
{%- for n in range(ml_monitor.window_days().values() | max) -%}{%- do numbers.append([n]) -%}{%- endfor -%}
{%- set day = 'cast(' ~ ml_monitor.date_add('day', 'numbers.days_after', 'w.window_start') ~ ' as timestamp)' -%}
baseline_spans as (

    select
        periods.baseline_since,
        coalesce(min(days.window_start), periods.baseline_since) as window_start,
        cast({{ ml_monitor.date_add('day', 1, 'coalesce(max(days.window_start), periods.baseline_since)') }} as timestamp) as window_end
    from label_periods as periods
    left join label_baseline_days as days on periods.baseline_since = days.baseline_since
    group by periods.baseline_since

),

-- A window that an expected change lies in has no baseline.
all_windows as (

    select w.window_grain, w.window_start, w.window_end, periods.baseline_since
    from written_windows as w
    left join label_periods as periods on w.window_start >= periods.baseline_since and w.window_end <= periods.period_end
    union all
    select 'baseline' as window_grain, window_start, window_end, baseline_since from baseline_spans

),

window_days as (

    select w.window_grain, w.window_start, {{ day }} as day, case w.window_grain when 'day' then 1 else 0 end as has_segments
    from written_windows as w
    cross join (
        {{ ml_monitor.values_list(['days_after'], numbers) | indent(8) }}
    ) as numbers
    where {{ day }} < w.window_end
    union all
    select 'baseline' as window_grain, spans.window_start, days.window_start as day, 1 as has_segments
    from baseline_spans as spans
    inner join label_baseline_days as days on spans.baseline_since = days.baseline_since

),
{%- endmacro %}


{#-
  Columns of <m>__performance that follow from its sums and from the arrival_curve (alias `c`); the labels of a regression are standardised
  by the grid (alias `grid`).
  Arguments: spec. Returns: dict of column -> SQL.
-#}
{% macro performance_values(spec) %}
    {%- set coverage = ml_monitor.ratio('joined.labelled_rows', 'joined.predicted_rows') -%}
    {%- set expected = coverage ~ ' + (1 - ' ~ coverage ~ ') * c.still_coming_share' -%}
    {%- set is_mature = ml_monitor.mature_at(spec, 'joined.window_end') -%}
    {%- set values = {
        'label_age_hours': ml_monitor.label_age(spec, 'joined.window_end'),
        'label_maturity': 'case when ' ~ is_mature ~ " then 'mature' when joined.window_grain <> 'day' then 'maturing'"
            ~ ' when joined.labelled_rows > 0 and ' ~ coverage ~ ' >= 0.5 * (' ~ expected ~ ") then 'maturing' else 'immature' end",
        'expected_label_coverage': "case when joined.window_grain = 'day' and not " ~ is_mature ~ ' then ' ~ expected ~ ' end',
    } -%}
    {%- for share in [50, 95] -%}
        {%- set ns = namespace(whens=[]) -%}
        {%- for hours in ml_monitor.label_delays(spec) -%}
            {%- set ns.whens = ns.whens
                + ['when 100 * joined.known_' ~ hours ~ '_rows >= ' ~ share ~ ' * joined.timed_rows then ' ~ hours] -%}
        {%- endfor -%}
        {%- do values.update({'label_delay_p' ~ share ~ '_hours': 'case when joined.timed_rows > 0 then case '
            ~ ns.whens | join(' ') ~ ' else 999999 end end'}) -%}
    {%- endfor -%}
    {%- if spec.task == 'regression' -%}
        {%- set mean_z = ml_monitor.ratio('joined.label_z_sum', 'joined.error_count') -%}
        {%- set mean_square = ml_monitor.ratio('joined.label_z_squared_sum', 'joined.error_count') -%}
        {%- do return(dict(values, **{
            'mae': ml_monitor.ratio('joined.absolute_error_sum', 'joined.error_count'),
            'rmse': 'sqrt(' ~ ml_monitor.ratio('joined.squared_error_sum', 'joined.error_count') ~ ')',
            'bias': ml_monitor.ratio('-joined.error_sum', 'joined.error_count'),
            'naive_mae': 'grid.scale * ' ~ ml_monitor.ratio('joined.absolute_label_z_sum', 'joined.error_count'),
            'label_mean': 'grid.center + grid.scale * ' ~ mean_z,
            'label_sd': 'grid.scale * sqrt(' ~ ml_monitor.greatest_of([0, mean_square ~ ' - power(' ~ mean_z ~ ', 2)']) ~ ')',
        })) -%}
    {%- endif -%}
    {%- do values.update({
        'accuracy': ml_monitor.ratio('joined.correct_rows', 'joined.labelled_rows'),
        'accuracy_from': ml_monitor.ratio('joined.correct_rows', 'joined.predicted_rows'),
        'accuracy_to': ml_monitor.ratio('(joined.correct_rows + joined.predicted_rows - joined.labelled_rows)', 'joined.predicted_rows'),
    }) -%}
    {%- if spec.task == 'binary' -%}
        {%- do values.update({
            'precision_score': ml_monitor.ratio('joined.true_positive_rows', 'joined.predicted_positive_rows'),
            'recall': ml_monitor.ratio('joined.true_positive_rows', 'joined.positive_rows'),
            'f1': ml_monitor.ratio('2 * joined.true_positive_rows', '(joined.predicted_positive_rows + joined.positive_rows)'),
        }) -%}
    {%- endif -%}
    {%- do return(values) -%}
{% endmacro %}


{#- The columns of <m>__performance; those of the monitor's own metrics (custom_columns) come before rebuild_key. -#}
{% macro performance_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['performance_id', 'string', 'md5 of monitor, window_grain, window_start, model_version and segment.'],
        'monitor',
        ['window_grain', 'day, 7_days, 28_days or baseline (the days of a serving baseline together).'],
        'window_start', 'window_end', 'model_version', 'segment_name', 'segment_value',
        ['baseline_since', 'timestamp', 'Which serving baseline the window belongs to: 1970-01-01, or since which expected change (UTC); '
            'NULL if such a change lies in the window.'],
        ['predicted_rows', 'bigint', 'Predictions.'],
        ['labelled_rows', 'bigint', 'Predictions that have a label.'],
        ['label_coverage', 'bounded', 'labelled_rows / predicted_rows (0 to 1).'],
        ['is_mature', 'boolean', 'True if label_horizon_hours had passed since window_end.'],
        ['label_maturity', 'string', 'mature: label_horizon_hours had passed; maturing: label_coverage is at least half of '
            'expected_label_coverage, or the window is longer than a day; immature: less, or there is no baseline.'],
        ['label_age_hours', 'int', 'Hours passed since window_end, as label_delay_hours of <m>__hourly_outcomes counts them: 0, 1, 6, 24 '
            'and so on, at most label_horizon_hours.'],
        ['expected_label_coverage', 'double', 'Coverage to expect in the end (0 to 1): label_coverage, and of the other predictions the '
            'share that had a label later than after label_age_hours in the baseline; NULL of a mature day, of longer windows and without '
            'a baseline.'],
        ['label_delay_p50_hours', 'int', 'Half of the labels were known at most so many hours after their prediction, as '
            'label_delay_hours counts them; 999999 is later than all. Totals only.'],
        ['label_delay_p95_hours', 'int', '95 % of the labels were.'],
        ['early_label_rows', 'bigint', 'Labels whose time lies before that of their prediction, by more than event_tolerance_minutes. '
            'Totals only.'],
        ['label_rows', 'bigint', 'Usable rows of the label log whose own time lies in the window, from label_horizon_hours after the first '
            'prediction of the log on. Total only, as are the two columns after it.'],
        ['orphan_label_rows', 'bigint', 'Those without a usable prediction in the log.'],
        ['conflicting_label_rows', 'bigint', 'Those that another row of the same prediction replaced with another content.'],
        ['correct_rows', 'bigint', 'Labelled predictions that equal their label; NULL for a regression.'],
        ['true_positive_rows', 'bigint', 'Labelled rows predicted 1 whose label is 1; binary only.'],
        ['predicted_positive_rows', 'bigint', 'Labelled rows predicted 1; binary only.'],
        ['positive_rows', 'bigint', 'Labelled rows whose label is 1; binary only.'],
        ['selected_rows', 'bigint', 'Rows predicted 1, with a label or without; binary only.'],
        ['accuracy', 'double', 'Correct predictions per labelled row (0 to 1); NULL for a regression.'],
        ['accuracy_from', 'double', 'Accuracy if no prediction without a label were correct.'],
        ['accuracy_to', 'double', 'Accuracy if all of them were.'],
        ['reweighted_accuracy', 'double', 'Accuracy of the labelled rows, each slot of the score weighted by all of its rows: what it '
            'would be if labels were missing at random within a slot; binary with a score, totals only.'],
        ['precision_score', 'double', 'Share of predicted positives that are positive (0 to 1); binary only.'],
        ['recall', 'double', 'Share of positives that are predicted positive (0 to 1); binary only.'],
        ['f1', 'double', 'Harmonic mean of precision and recall (0 to 1); binary only.'],
        ['mae', 'double', 'Mean absolute error, in the unit of the label; regression only.'],
        ['rmse', 'double', 'Root of the mean squared error, in the unit of the label; regression only.'],
        ['bias', 'double', 'Mean of prediction minus label, in the unit of the label; regression only.'],
        ['error_count', 'bigint', 'Labelled rows whose error is known: of a regression label and prediction are finite, of a binary task '
            'the score is declared from 0 to 1 and the label is 0 or 1. Sums after it are over these; else NULL.'],
        'error_sum', 'absolute_error_sum', 'squared_error_sum', 'score_sum', 'squared_score_sum', 'log_loss_sum',
        ['naive_mae', 'double', 'Mean |label - c|, in the unit of the label, where c is the center of the prediction in <m>__grid (its '
            'median in the training set, or in the first days): the error of a constant; regression only.'],
        ['label_mean', 'double', 'Mean of the labels, in their unit; regression only.'],
        ['label_sd', 'double', 'Population standard deviation of the labels, in their unit; regression only.'],
        'absolute_label_sum', 'percentage_error_sum', 'nonzero_label_count', 'squared_log_error_sum', 'nonnegative_count',
        ['tolerated_count', 'bigint', 'Errors within error_tolerance; NULL where none is declared.'],
        'largest_error',
        'top_2_count', 'top_3_count', 'shadow_count', 'shadow_gain_sum', 'shadow_gain_squared_sum',
        ['median_absolute_error', 'double', 'Median of |error|, in the unit of the label, from cells (within 3 %); regression, totals '
            'only, as are the two columns after it.'],
        ['absolute_error_p90', 'double', 'What 90 % of |error| are at most.'],
        ['absolute_error_p99', 'double', 'What 99 % of |error| are at most.'],
        ['estimated_rows', 'bigint', 'Predictions, with a label or without, whose bin of the score has a share of positives '
            '(multiclass: of right predictions) in the serving baseline, that of the segment by itself; binary with a score, multiclass '
            'with a score or class scores.'],
        ['estimated_positive_rows', 'double', 'Expected positives among them, by the shares of the baseline; binary only, as are the two '
            'columns after it.'],
        ['estimated_predicted_positive_rows', 'bigint', 'Predicted positives among them.'],
        ['estimated_true_positive_rows', 'double', 'Expected positives among the predicted positives.'],
        ['estimated_correct_rows', 'double', 'Expected right predictions among them; multiclass only.'],
        ['auc', 'double', 'Area under the ROC curve (0 to 1), from score cells; binary with a score, or the mean of each class against the '
            'others with class scores; totals only.'],
        ['auc_error', 'double', 'Standard error of auc (DeLong).'],
        ['average_precision', 'double', 'Average precision (0 to 1), from score cells as ties; binary with a score, totals only.'],
        ['average_precision_from', 'double', 'What it is at least, whatever the order of the scores within a cell.'],
        ['average_precision_to', 'double', 'What it is at most.'],
        ['expected_calibration_error', 'double', '|mean label - mean score| over the slots of the score, weighted by rows (0 to 1); totals '
            'only.'],
        ['label_selection_psi', 'double', 'PSI of the slots of the score between rows with and without a label, less its expectation if '
            'labels were missing at random; binary with a score, totals only.'],
        ['label_selection_noise', 'double', '0.9995 quantile of label_selection_psi if labels were missing at random.'],
        ['majority_rows', 'bigint', 'Labelled rows of the most frequent label; multiclass only, as are the columns up to weighted_f1.'],
        ['balanced_accuracy', 'double', 'Mean recall of the classes that labels have (0 to 1).'],
        ['balanced_accuracy_error', 'double', 'Standard error of balanced_accuracy.'],
        ['macro_precision', 'double', 'Mean precision of the classes that labels or predictions have (0 to 1).'],
        ['macro_recall', 'double', 'Mean recall of these classes, 0 for one without labels (0 to 1).'],
        ['macro_f1', 'double', 'Mean F1 of these classes (0 to 1).'],
        ['weighted_precision', 'double', 'Mean precision, weighted by the labels of each class (0 to 1).'],
        ['weighted_f1', 'double', 'Mean F1, weighted by the labels of each class (0 to 1).'],
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

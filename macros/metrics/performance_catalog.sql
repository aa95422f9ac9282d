{#- The metrics of <m>__performance: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro performance_catalog(spec) %}
    {%- set labels = {
        'model': 'performance', 'part': 'labels', 'grains': ['day'], 'where': "model_version = '__all__'",
        'available_at': ml_monitor.date_add('hour', spec.label_horizon_hours, 'window_end'),
    } -%}
    {%- set drift = dict(
        labels, category='drift', grains=ml_monitor.window_days() | list, against='serving', significant='is_label_drift_detected',
        reason='label_psi_reason', sample='coalesce(label_current_rows, 0)',
        warn_only='is_in_baseline or coalesce(label_baseline_windows, 0) < ' ~ spec.settings.calibrated_windows,
        where=labels.where ~ " and (window_grain <> '7_days' or coalesce(label_reference_rows, 0) < " ~ spec.min_sample
            ~ ' * coalesce(label_baseline_windows, 1))'
    ) -%}
    {%- set share = 'label_top_bin_current_share' -%}
    {%- set rate = "case label_top_bin when '1' then " ~ share ~ " when '0' then 1 - " ~ share ~ ' end' -%}
    {%- set baseline_rate = rate.replace('current', 'reference') -%}
    {%- do return(ml_monitor.measures_catalog(spec, labels) + [
        dict(drift, metric='label_psi', label='label PSI', unit='PSI less its expectation under no drift',
            description='Population stability index of the labels against those of the serving baseline.',
            value='label_psi_excess', detail=ml_monitor.top_bin_template('label_top_bin')),
        dict(drift, metric='label_rate_ratio', unit='ratio', value=rate ~ ' / nullif(' ~ baseline_rate ~ ', 0)',
            where=drift.where if spec.task == 'binary' else '1 = 0',
            description='Share of positive labels, as a multiple of that of the serving baseline.',
            detail='{100 * ' ~ rate ~ ':2} % positive labels, was {100 * ' ~ baseline_rate ~ ':2} %'),
    ]) -%}
{% endmacro %}


{#-
  The measures of performance, by themselves and against the serving baseline: entries of metric_catalog. Those of other tasks are there,
  too, since a policy seed is for all monitors.
  Arguments: spec (dict of monitor_spec), labels (dict: what metrics of labels have in common).
-#}
{% macro measures_catalog(spec, labels) %}
    {%- set own = ml_monitor.measures_of(spec) -%}
    {%- set has_score = spec.task == 'binary' and ml_monitor.has_estimates(spec) -%}
    {%- set is_judged = " and (window_grain <> '7_days' or coalesce(baseline_rows, 0) < " ~ spec.min_sample
        ~ ' * coalesce(baseline_windows, 1))' -%}
    {%- set ns = namespace(metrics=[], measures=own, names=own | map(attribute='metric') | list) -%}
    {%- for task in ['binary', 'multiclass', 'regression'] -%}
        {%- for measure in ml_monitor.performance_measures(task) if measure.metric not in ns.names -%}
            {%- set ns.measures = ns.measures + [dict(measure, missing=task)] -%}
            {%- set ns.names = ns.names + [measure.metric] -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for measure in ns.measures -%}
        {%- set is_share = measure.unit.startswith('share ') -%}
        {%- set entry = dict(labels, model='performance_metrics', category=measure.category, grains=ml_monitor.window_days() | list,
            sample='sample_rows', missing=measure.missing, rows=measure.rows, reason='reason',
            bounds=['low', 'high'] if measure.bounds_by != 'none' else [],
            where=labels.where ~ " and metric_name = '" ~ measure.metric ~ "'") -%}
        {%- set ns.metrics = ns.metrics + [dict(entry, metric=measure.metric, label=measure.label, unit=measure.unit, value='value',
            description=measure.description, detail=measure.detail)] -%}
        {%- if measure.judged -%}
            {%- set shown = '{100 * %s:1} %%' if is_share else '{%s:3}' -%}
            {%- set ns.metrics = ns.metrics + [dict(entry, metric=measure.metric ~ '_' ~ measure.judged,
                label=measure.label ~ ' ' ~ measure.judged, against='serving', value=measure.judged,
                unit='ratio' if measure.judged == 'ratio' else 'difference of shares' if is_share else measure.unit,
                description=('Value less' if measure.judged == 'change' else 'Value divided by') ~ ' that of the serving baseline. '
                    ~ measure.description,
                reason="case when reason is null and value is not null and baseline_value is null then 'no_baseline' else reason end",
                warn_only='is_in_baseline or coalesce(baseline_windows, 0) < ' ~ spec.settings.calibrated_windows,
                where=entry.where ~ is_judged,
                detail=measure.label ~ ' ' ~ shown % 'value' ~ ', was ' ~ shown % 'baseline_value'
                    ~ ('[; ' ~ shown % 'estimated_value' ~ ' expected from the mix of scores]'
                        if measure.estimated_numerator != 'null'))] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set ns.metrics = ns.metrics + [dict(labels, metric='label_selection_psi', category='performance', label='selection of labels (PSI)',
        unit='PSI less its expectation', grains=ml_monitor.window_days() | list, significant='label_selection_psi > label_selection_noise',
        description='Population stability index of the score between predictions with and without a label: labels that are not missing at '
            'random make performance look better or worse than it is.',
        sample=ml_monitor.least_of(['labelled_rows', 'predicted_rows - labelled_rows']),
        where=labels.where ~ " and segment_name = '__all__'",
        reason="case when not is_mature then 'immature_labels' when label_coverage >= 0.95 then 'nearly_all_labelled' end",
        missing='binary' if not has_score else none,
        detail='{labelled_rows} with a label, {predicted_rows - labelled_rows} without')] -%}
    {%- for measure in ml_monitor.fairness_measures() -%}
        {%- set ns.metrics = ns.metrics + [dict(labels, model='performance_metrics', category='performance', metric=measure.metric,
            label=measure.label, unit=measure.unit, description=measure.description, value='value', bounds=['low', 'high'],
            subjects='segment', subject='compared_segment', grains=['28_days'], sample='sample_rows', reason='reason',
            missing='binary' if spec.task != 'binary' else none, detail='{compared_groups}',
            available_at=labels.available_at if measure.needs_labels else 'window_end',
            where=labels.where ~ " and metric_name = '" ~ measure.metric ~ "'")] -%}
    {%- endfor -%}
    {%- do return(ns.metrics + [dict(labels, metric='estimated_accuracy_change', model='performance_metrics', category='performance',
        label='estimated accuracy change', against='serving', grains=ml_monitor.window_days() | list, value='estimated_change',
        bounds=['low', 'high'], unit='difference of shares', sample='coalesce(estimated_rows, 0)', available_at='window_end',
        description='Accuracy that the score expects, less the accuracy of the serving baseline: before the labels are there.',
        missing='binary' if not ml_monitor.has_estimates(spec) else none,
        where=labels.where ~ " and metric_name = 'accuracy'" ~ is_judged,
        reason="case when is_mature then 'covered_by_labels' when baseline_value is null then 'no_baseline' end", warn_only='true',
        detail='expected {100 * estimated_value:1} %, was {100 * baseline_value:1} %')]) -%}
{% endmacro %}

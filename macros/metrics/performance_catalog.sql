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
    {%- do return([
        dict(labels, metric='label_coverage', category='performance', unit='share of predictions', bounds=['low', 'high'],
            description='Share of predictions that have their outcome.', sample='predicted_rows',
            reason="case when not is_mature then 'immature_labels' end", detail='{part} of {sample} predictions have a label',
            rows='not exists (select 1 {partners})'),
        dict(drift, metric='label_psi', label='label PSI', unit='PSI less its expectation under no drift',
            description='Population stability index of the labels against those of the serving baseline.',
            value='label_psi_excess', detail=ml_monitor.top_bin_template('label_top_bin')),
        dict(drift, metric='label_rate_ratio', unit='ratio', value=rate ~ ' / nullif(' ~ baseline_rate ~ ', 0)',
            where=drift.where if spec.task == 'binary' else '1 = 0',
            description='Share of positive labels, as a multiple of that of the serving baseline.',
            detail='{100 * ' ~ rate ~ ':2} % positive labels, was {100 * ' ~ baseline_rate ~ ':2} %'),
    ]) -%}
{% endmacro %}

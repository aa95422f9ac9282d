{#- The metrics of <m>__performance: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro performance_catalog(spec) %}
    {%- set labels = {
        'model': 'performance', 'part': 'labels', 'grains': ['day'], 'where': "model_version = '__all__'",
        'available_at': ml_monitor.date_add('hour', spec.label_horizon_hours, 'window_end'),
    } -%}
    {%- do return([
        dict(labels, metric='label_coverage', category='performance', unit='share of predictions', bounds=['low', 'high'],
            description='Share of predictions that have their outcome.', sample='predicted_rows',
            reason="case when not is_mature then 'immature_labels' end", detail='{part} of {sample} predictions have a label',
            rows='not exists (select 1 {partners})'),
        dict(labels, metric='label_psi', label='label PSI', category='drift', unit='PSI less its expectation under no drift',
            against='serving', description='Population stability index of the labels of a day against those of the serving baseline.',
            value='label_psi_excess', significant='is_label_drift_detected', reason='label_psi_reason',
            sample='coalesce(label_current_rows, 0)',
            warn_only='is_in_baseline or coalesce(label_baseline_windows, 0) < ' ~ spec.settings.calibrated_windows,
            detail=ml_monitor.top_bin_template('label_top_bin')),
    ]) -%}
{% endmacro %}

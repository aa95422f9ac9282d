{#- The metrics of <m>__relations, of pairs of columns: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro relations_catalog(spec) %}
    {%- set ns = namespace(means=[]) -%}
    {%- for third in ['low', 'middle', 'high'] -%}
        {%- set ns.means = ns.means + ['{current_output_mean_' ~ third ~ ':3|none} (was {reference_output_mean_' ~ third ~ ':3|none})'] -%}
    {%- endfor -%}
    {%- set measured = 'coalesce(current_output_mean_low, current_output_mean_middle, current_output_mean_high) is not null' -%}
    {%- set relation = {
        'model': 'relations', 'category': 'drift', 'part': 'relations', 'grains': ['day'], 'against': 'serving', 'baseline': 'baseline',
        'subjects': 'pair', 'subject': ml_monitor.relation_name('column_a', 'column_b'), 'sample': 'current_rows',
        'warn_only': 'is_in_baseline or baseline_windows < ' ~ spec.settings.calibrated_windows,
        'detail': 'correlation {current_correlation:3|undefined}, was {reference_correlation:3|undefined}[; mean {case when ' ~ measured
            ~ ' then column_b end} where {column_a} is low, middle, high: ' ~ ns.means | join(', ') ~ ']',
    } -%}
    {%- do return([
        dict(relation, metric='correlation_change', unit="difference of Fisher's z", significant='is_correlation_changed',
            description='How far the correlation of a pair of columns is from the serving baseline.', reason='correlation_reason'),
        dict(relation, metric='joint_psi', label='joint PSI', unit='PSI less its expectation under no drift', value='joint_psi_excess',
            description='Population stability index of the nine cells that the thirds of two columns make, against the serving baseline.',
            significant='is_joint_drift_detected', reason='joint_reason'),
    ]) -%}
{% endmacro %}

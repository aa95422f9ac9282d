{#-
  Every metric that a policy can judge, in one place: where it is computed and how a check reads it.

  Returns: list of dicts
    metric, label       its name in policies, and in messages
    category            the gate it belongs to: contract, freshness, volume, quality, drift, performance
    unit, description   for the docs
    model               the metrics model it is a column of (<m>__<model>)
    part                the part of the monitor it needs (`labels`, `joins`, `counts`, ...), or none
    grains              window grains it exists for
    comparisons         list of [grain, baseline] a policy may name
    subjects            what `subject` is: column, join, dataset or rows
    baseline            SQL: what it is compared with (`none` if nothing)
    subject             SQL: the column or join it speaks of (`__rows__` for the monitor)
    value, low, high    SQL: the value, and an interval a verdict must clear (NULL: the value itself decides)
    significant         SQL: evidence beyond noise, needed for any verdict (`true` if the interval decides)
    sample              SQL: rows behind the value
    reason              SQL: why it cannot be judged, NULL if it can
    warn_only           SQL: a verdict of at most warn
    available_at        SQL: the earliest moment it could be judged
    where               SQL: rows of the model it exists for
    detail              SQL: what a person should look at first
-#}
{% macro metric_catalog(spec) %}
    {%- set text = dbt.type_string() -%}
    {%- set plain = {
        'part': none, 'baseline': "'none'", 'subject': "'__rows__'", 'low': ml_monitor.float64('null'), 'high': ml_monitor.float64('null'),
        'significant': 'true', 'reason': 'cast(null as ' ~ text ~ ')', 'warn_only': 'false', 'available_at': 'window_end', 'where': '1 = 1',
        'detail': "''", 'grains': ['hour', 'day'],
        'comparisons': [['hour', 'none'], ['day', 'none']], 'subjects': 'rows',
    } -%}
    {%- set uncalibrated = "baseline = 'training' or is_in_baseline or coalesce(baseline_windows, 0) < " ~ spec.settings.calibrated_windows -%}
    {%- set share_where = "baseline = 'serving' and column_role in ('feature', 'score', 'prediction')" -%}
    {%- set ns = namespace(metrics=[
        dict(plain, metric='null_rate', label='null rate', category='quality', unit='share of rows', model='data_quality',
            description='Share of NULLs in a column.',
            subjects='column', subject='column_name', value='null_rate', low='null_rate_low', high='null_rate_high', sample='row_count',
            detail="cast(null_count as " ~ text ~ ") || ' of ' || cast(row_count as " ~ text ~ ") || ' rows'"),
        dict(plain, metric='invalid_rate', label='invalid rate', category='quality', unit='share of rows', model='data_quality',
            description='Share of values outside the declared range or accepted values.',
            subjects='column', subject='column_name', value='invalid_rate', low='invalid_rate_low', high='invalid_rate_high', sample='row_count',
            detail="cast(invalid_count as " ~ text ~ ") || ' of ' || cast(row_count as " ~ text ~ ") || ' rows'"),
        dict(plain, metric='duplicate_rate', label='duplicate rate', category='quality', unit='share of rows', model='volume',
            description='Share of logged rows that repeat a prediction id.',
            value='duplicate_rate', low='duplicate_rate_low', high='duplicate_rate_high', sample='logged_rows',
            detail="cast(duplicate_rows as " ~ text ~ ") || ' of ' || cast(logged_rows as " ~ text ~ ") || ' rows'"),
        dict(plain, metric='quarantine_rate', label='quarantine rate', category='contract', unit='share of rows', model='volume',
            description='Share of logged rows that could not be used.',
            value='quarantine_rate', low='quarantine_rate_low', high='quarantine_rate_high', sample='logged_rows',
            detail="cast(quarantined_rows as " ~ text ~ ") || ' of ' || cast(logged_rows as " ~ text ~ ") || ' rows, see " ~ spec.name ~ "__quarantine'"),
        dict(plain, metric='error_rate', label='error rate', category='quality', unit='share of rows', model='volume',
            description='Share of predictions whose status is an error.',
            value='error_rate', low='error_rate_low', high='error_rate_high', sample='current_rows'),
        dict(plain, metric='unreconciled_rows', label='unreconciled rows', category='contract', unit='rows', model='volume',
            description='Rows ingested in the window in staging that the log does not hold, or the other way round.',
            value=ml_monitor.float64('unreconciled_rows'), sample='greatest(raw_ingested_rows, log_ingested_rows)', where="segment_name = '__all__'",
            detail="cast(raw_ingested_rows as " ~ text ~ ") || ' in staging, ' || cast(log_ingested_rows as " ~ text ~ ") || ' in the log'"),
        dict(plain, metric='volume_ratio', label='volume', category='volume', unit='rows per expected row', model='volume',
            description='Rows of the window against the mean of the serving baseline (hours: the same local hour).',
            comparisons=[['hour', 'serving'], ['day', 'serving']], baseline="'serving'", value='volume_ratio', sample='floor(expected_rows + 0.5)',
            reason="case when expected_rows = 0 then 'no_baseline' end",
            detail="cast(current_rows as " ~ text ~ ") || ' rows, expected ' || " ~ ml_monitor.number_text('expected_rows', 0)),
        dict(plain, metric='event_age_minutes', label='age of the newest event', category='freshness', unit='minutes', model='freshness',
            description='Age of the newest event when the window ended.', value='event_age_minutes', sample='1'),
        dict(plain, metric='ingest_age_minutes', label='age of the newest ingest', category='freshness', unit='minutes', model='freshness',
            description='Time since anything arrived when the window ended.', value='ingest_age_minutes', sample='1'),
        dict(plain, metric='ingest_lag_p95_minutes', label='p95 ingest lag', category='freshness', unit='minutes', model='freshness',
            description='95th percentile of the time from event to ingest.', value='ingest_lag_p95_minutes', sample='current_rows'),
        dict(plain, metric='late_share', label='late share', category='freshness', unit='share of rows', model='freshness',
            description='Share of rows that arrived later than the declared late_after_minutes.',
            value='late_share', low='late_share_low', high='late_share_high', sample='current_rows',
            detail="cast(late_rows as " ~ text ~ ") || ' of ' || cast(current_rows as " ~ text ~ ") || ' rows'"),
        dict(plain, metric='longest_gap_hours', label='longest gap', category='freshness', unit='hours', model='freshness',
            description='Longest run of hours without rows that touches the window.', value='longest_gap_hours', sample='1'),
        dict(plain, metric='join_match_rate', label='join match rate', category='quality', unit='share of rows', model='join_cardinality', part='joins',
            description='Share of predictions that find a partner in a declared lookup.',
            subjects='join', subject='join_name', value='match_rate', low='match_rate_low', high='match_rate_high', sample='rows_before', where="join_name <> 'labels'",
            detail="cast(matched_rows as " ~ text ~ ") || ' of ' || cast(rows_before as " ~ text ~ ") || ' rows found a partner'"),
        dict(plain, metric='join_fan_out', label='join fan-out', category='quality', unit='rows after per row before', model='join_cardinality', part='joins',
            description='Rows of a left join to a declared lookup per prediction; above 1 it multiplies rows.',
            subjects='join', subject='join_name', value='fan_out', sample='rows_before', where="join_name <> 'labels'",
            detail="cast(rows_before as " ~ text ~ ") || ' rows become ' || cast(rows_after as " ~ text ~ ")"),
        dict(plain, metric='label_coverage', label='label coverage', category='performance', unit='share of predictions', model='performance', part='labels',
            description='Share of predictions that have their outcome.',
            grains=['day'], comparisons=[['day', 'none']], where="model_version = '__all__'", value='label_coverage', low='label_coverage_low', high='label_coverage_high', sample='predicted_rows',
            reason="case when not is_mature then 'immature_labels' end", available_at=ml_monitor.date_add('hour', spec.label_horizon_hours, 'window_end'),
            detail="cast(labelled_rows as " ~ text ~ ") || ' of ' || cast(predicted_rows as " ~ text ~ ") || ' predictions have a label'"),
    ]) -%}
    {%- for prefix, roles in {'': ['feature'], 'output_': ['score', 'prediction']}.items() -%}
        {%- set who = 'feature' if prefix == '' else 'score or prediction, within its version' -%}
        {%- set role_condition = "column_role in ('" ~ roles | join("', '") ~ "')" -%}
        {%- set ns.metrics = ns.metrics + [
            dict(plain, metric=prefix ~ 'psi', label='PSI', category='drift', unit='PSI less its expectation under no drift', model='drift',
                description='Population stability index of a ' ~ who ~ ' against a baseline, from frozen bins.',
                grains=['day', 'month'], comparisons=[['day', 'serving'], ['month', 'training']], baseline='baseline', subjects='column', subject='column_name',
                value='psi_excess', significant='is_drift_detected', sample='current_rows', reason='psi_reason', warn_only=uncalibrated, where=role_condition,
                detail="case when top_bin is not null then 'top bin ' || top_bin || ': ' || " ~ ml_monitor.number_text('100 * top_bin_reference_share', 0)
                    ~ " || ' % -> ' || " ~ ml_monitor.number_text('100 * top_bin_current_share', 0) ~ " || ' %' else '' end"),
            dict(plain, metric=prefix ~ 'mean_shift_sd', label='window mean', category='drift', unit='spreads of the 28 days before', model='drift',
                description='Distance of the window mean of a ' ~ who ~ ' from the median of the 28 days before, for columns too restless for PSI.',
                grains=['day'], comparisons=[['day', 'rolling']], baseline="'rolling'", subjects='column', subject='column_name', value='abs(mean_shift_sd)',
                sample='current_rows', reason='chart_reason', warn_only=uncalibrated ~ ' or coalesce(chart_windows, 0) < ' ~ spec.settings.calibrated_windows,
                where="baseline = 'serving' and column_kind = 'numeric' and " ~ role_condition,
                detail="'mean ' || " ~ ml_monitor.number_text('current_mean') ~ " || ' against ' || " ~ ml_monitor.number_text('chart_center') ~ " || ' +- ' || " ~ ml_monitor.number_text('chart_scale')),
        ] -%}
    {%- endfor -%}
    {%- for name in ['null', 'zero', 'default'] -%}
        {%- set ns.metrics = ns.metrics + [dict(plain, metric=name ~ '_share_change', label=name ~ ' share change', category='drift', unit='difference of shares', model='drift',
            description='Change of the share of ' ~ {'null': 'NULLs', 'zero': 'zeros', 'default': 'the declared default value'}[name] ~ ' since the serving baseline; PSI cannot see a small surge.',
            grains=['day'], comparisons=[['day', 'serving']], baseline='baseline', subjects='column', subject='column_name', value=name ~ '_share_change', significant='coalesce(abs(' ~ name ~ '_share_change) > ' ~ name ~ '_share_noise, false)',
            sample='row_count', reason="case when row_count = 0 then 'insufficient_sample' when " ~ name ~ "_share_change is null then 'no_baseline' end",
            warn_only=uncalibrated, where=share_where,
            detail="'share ' || " ~ ml_monitor.number_text('100 * ' ~ name ~ '_share') ~ " || ' %, was ' || " ~ ml_monitor.number_text('100 * (' ~ name ~ '_share - ' ~ name ~ '_share_change)') ~ " || ' %'")] -%}
    {%- endfor -%}
    {%- set ns.metrics = ns.metrics + ml_monitor.reconciliation_catalog(spec, plain) + ml_monitor.parity_catalog(spec, plain) + ml_monitor.quality_score_catalog(spec, plain) -%}
    {%- do return(ns.metrics) -%}
{% endmacro %}


{#- The categories of gates, in the order they are reported. -#}
{% macro gate_categories() %}
    {%- do return(['contract', 'freshness', 'volume', 'quality', 'drift', 'performance']) -%}
{% endmacro %}

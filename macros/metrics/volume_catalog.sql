{#- The metrics of the group `volume`: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro volume_catalog(spec) %}
    {%- set share = {
        'model': 'volume', 'category': 'quality', 'unit': 'share of rows', 'sample': 'logged_rows', 'bounds': ['low', 'high'],
        'detail': '{part} of {sample} rows',
    } -%}
    {%- set duplicates = dict(share, rows_state='duplicate') -%}
    {%- set total = {'model': 'volume', 'category': 'volume', 'where': "segment_name = '__all__'"} -%}
    {%- set expected = {'model': 'volume', 'category': 'volume', 'unit': 'rows per expected row', 'label': 'volume'} -%}
    {%- set seasonal_rows = 'floor(coalesce(seasonal_expected_rows, 0) + 0.5)' -%}
    {%- set no_seasonal = "case when seasonal_expected_rows is null then 'no_baseline' end" -%}
    {%- set at_fraction = ' at the sampling fraction of the window' if ml_monitor.sampling_weight(spec) else '' -%}
    {#- The day in which the log begins has fewer rows than a day. -#}
    {%- set first_hour = "min(case when window_grain = 'hour' and logged_rows > 0 then window_start end) over ()" -%}
    {%- set is_incomplete = "window_grain = 'day' and window_start < " ~ first_hour ~ ' and window_end > ' ~ first_hour -%}
    {%- set incomplete = 'case when ' ~ is_incomplete ~ " then 'incomplete_window' " -%}
    {%- set has_latency = ml_monitor.role_column(spec.inferences, 'latency_ms') is not none -%}
    {%- set latency = dict(total, category='quality', unit='ms', sample='current_rows', missing=none if has_latency else 'latency_ms') -%}
    {%- set slower = dict(latency, unit='ratio', against='serving', grains=['day'], bounds=['low'],
        description='Latency of a day divided by the mean of the days of the serving baseline; judged against the slowest of them.') -%}
    {%- do return([
        dict(latency, metric='latency_p50', label='median latency', description='Median of the latency.'),
        dict(latency, metric='latency_p95', label='p95 latency', description='95th percentile of the latency.'),
        dict(latency, metric='latency_p99', label='p99 latency', description='99th percentile of the latency.'),
        dict(slower, metric='latency_p95_ratio', label='p95 latency ratio', detail='p95 {latency_p95:1} ms',
            reason="case when latency_p95 is not null and latency_p95_ratio is null then 'no_baseline' end"),
        dict(slower, metric='latency_p99_ratio', label='p99 latency ratio', detail='p99 {latency_p99:1} ms',
            reason="case when latency_p99 is not null and latency_p99_ratio is null then 'no_baseline' end"),
        dict(total, metric='sample_ratio_difference', label='sample ratio mismatch', category='quality', unit='share of rows',
            sample='current_rows', bounds=['low'],
            missing=none if ml_monitor.role_column(spec.inferences, 'treatment') else 'treatment',
            description='Largest difference between the share of rows of an arm of an experiment and its declared share.'),
        dict(duplicates, metric='duplicate_rate', rows="ml_row_state = 'duplicate'",
            description='Share of logged rows that repeat a prediction id.',
            detail='{part} of {sample} rows, {exact_duplicate_rows} of them exact copies'),
        dict(duplicates, metric='exact_duplicate_rate', rows="ml_duplicate_kind = 'exact'",
            description='Share of logged rows that repeat a prediction id with the same content.'),
        dict(duplicates, metric='conflicting_duplicate_rate', rows="ml_duplicate_kind = 'conflicting'",
            description='Share of logged rows that repeat a prediction id with another content.'),
        dict(duplicates, metric='replay_rate', rows='ml_is_replay',
            description='Share of logged rows that repeat a prediction id more than the declared replay_after_minutes later.'),
        dict(share, metric='quarantine_rate', category='contract', rows="ml_row_state = 'quarantined'", rows_state='quarantined',
            description='Share of logged rows that could not be used.',
            detail='{part} of {sample} rows[: {quarantine_reasons}], see '
                ~ spec.name ~ '__quarantine[, off by {time_zone_shift_hours:1} hours: a time zone?]'),
        dict(share, metric='error_rate', sample='current_rows', detail='', rows=ml_monitor.is_error_status(spec),
            description='Share of predictions whose status is an error.'),
        dict(total, metric='unreconciled_rows', category='contract', unit='rows',
            description='Rows ingested in the window in staging that the log does not hold, or the other way round.',
            sample=ml_monitor.greatest_of(['raw_ingested_rows', 'log_ingested_rows']),
            detail='{raw_ingested_rows} in staging, {log_ingested_rows} in the log'),
        dict(expected, metric='volume_ratio', against='serving', sample='floor(expected_rows + 0.5)',
            description='Rows of the window against the mean of the serving baseline (hours: the same local hour).',
            significant=ml_monitor.beyond_poisson('current_rows', 'expected_rows'),
            reason=incomplete ~ "when expected_rows = 0 then 'no_baseline' end",
            detail='{current_rows} rows, expected {expected_rows:0}' ~ at_fraction),
        dict(expected, metric='seasonal_volume_ratio', against='seasonal', where=total.where, sample=seasonal_rows, reason=no_seasonal,
            significant=ml_monitor.beyond_poisson('current_rows', 'seasonal_expected_rows'),
            description='Rows of the window against the mean of the same local hour and weekday of the up to four weeks before.',
            detail='{current_rows} rows, expected {seasonal_expected_rows:0}' ~ at_fraction),
        dict(total, metric='lost_segment_share', label='share of lost segments', unit='share of expected rows', against='serving',
            description='Share of the serving baseline that belongs to segment values without any row in the window.',
            grains=['day'], sample='current_rows', detail='no rows of [{lost_segment_names}]',
            reason=incomplete ~ "when lost_segment_share is null then 'no_baseline' when current_rows = 0 then 'insufficient_sample' end"
                if spec.segments else "'no_segments'"),
        dict(total, metric='missing_hours', category='freshness', unit='hours', sample=seasonal_rows, reason=no_seasonal,
            description='Hours without rows in which the season brings 20 or more.'),
        dict(total, metric='late_hours', label='lateness of the source', category='freshness', unit='hours', against='serving',
            grains=['hour'], sample='1',
            description='Hours without rows, beyond what is usual at this hour of the week in the serving baseline.',
            reason="case when late_hours is null then 'no_baseline' end"),
    ]) -%}
{% endmacro %}

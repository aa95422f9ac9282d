{#- The columns of the group `volume` of <m>__window_metrics. -#}
{% macro volume_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['volume_id', 'string', 'md5 of monitor, window_grain, window_start and segment.'],
        'monitor', 'window_grain', 'window_start', 'window_end',
        ['model_version', 'Always `__all__`.'],
        'segment_name', 'segment_value',
        ['logged_rows', 'bigint', 'Rows of the log that count for the window: current, duplicate and quarantined.'],
        'current_rows', 'duplicate_rows', 'quarantined_rows', 'exact_duplicate_rows', 'conflicting_duplicate_rows', 'replayed_rows',
        'future_rows',
        ['error_rows', 'bigint', 'Current rows whose status is an error.'],
        ['raw_ingested_rows', 'bigint', 'Rows of staging that were ingested in the window; 0 for segments.'],
        ['log_ingested_rows', 'bigint', 'Rows of the log that were ingested in the window; 0 for segments.'],
        ['unreconciled_rows', 'bigint', '|raw_ingested_rows - log_ingested_rows|: 0 if no row was lost or invented; NULL for segments.'],
        ['duplicate_rate', 'bounded', 'duplicate_rows / logged_rows (0 to 1).'],
        ['exact_duplicate_rate', 'bounded', 'exact_duplicate_rows / logged_rows (0 to 1).'],
        ['conflicting_duplicate_rate', 'bounded', 'conflicting_duplicate_rows / logged_rows (0 to 1).'],
        ['replay_rate', 'bounded', 'replayed_rows / logged_rows (0 to 1).'],
        ['quarantine_rate', 'bounded', 'quarantined_rows / logged_rows (0 to 1).'],
        ['error_rate', 'bounded', 'error_rows / current_rows (0 to 1).'],
        ['expected_rows', 'double', 'Mean rows of the serving baseline per day, or per same local hour; 0 without a baseline. '
            'Of a sampled log at the sampling fraction of the window.'],
        ['volume_ratio', 'double', 'current_rows / expected_rows; NULL if none are expected.'],
        ['seasonal_expected_rows', 'double', 'Mean rows of the same local hour and weekday of the up to four weeks before; NULL with fewer '
            'than three, and for segments. Of a sampled log at the sampling fraction of the window.'],
        ['seasonal_volume_ratio', 'double', 'current_rows / seasonal_expected_rows; NULL if none are expected.'],
        ['missing_hours', 'int', 'Hours of the window without rows that have 20 or more seasonal_expected_rows; NULL for segments.'],
        ['late_hours', 'int', 'Hours without rows up to the end of the window, less the longest such stretch at the same hour of the week '
            'in the baseline, 0 or more; hours and totals only, NULL without a baseline.'],
        ['lost_segments', 'int', 'Segment values without rows that have 20 or more expected_rows a day; days and totals only.'],
        ['lost_segment_share', 'double', 'Largest share of the baseline that lost values of one segment have (0 to 1); NULL without a '
            'baseline.'],
        ['lost_segment_names', 'string', 'The lost values, with their segment; NULL if none is lost.'],
        ['latency_p50', 'double', 'Median of the latency, in the unit of its column (milliseconds), within about 3 %; NULL without a '
            'column with role latency_ms and for segments, as are the columns after it.'],
        ['latency_p95', 'double', '95th percentile of the latency.'],
        ['latency_p99', 'double', '99th percentile of the latency.'],
        ['latency_p95_ratio', 'double', 'latency_p95 / the mean of those of the days of the serving baseline; days only.'],
        ['latency_p95_ratio_low', 'double', 'latency_p95 / the largest of those of the days of the serving baseline.'],
        ['latency_p99_ratio', 'double', 'latency_p99 / the mean of those of the days of the serving baseline; days only.'],
        ['latency_p99_ratio_low', 'double', 'latency_p99 / the largest of those of the days of the serving baseline.'],
        ['sample_ratio_difference', 'double', 'Largest |share of rows of an arm - its declared share| of an experiment (0 to 1); NULL '
            'without a column with role treatment and for segments.'],
        ['sample_ratio_difference_low', 'double', 'How far the nearer 99.9 % Wilson bound of the share of an arm is from its declared '
            'share, at most; 0 if chance explains the difference.'],
        ['time_zone_shift_hours', 'double', 'Hours, in halves, that all future_rows are dated after their ingest, if it is the same '
            'number for all, 1 to 14; else NULL.'],
        ['quarantine_reasons', 'string', 'Reason of the quarantined rows; the first and the last in alphabetical order if there are '
            'several.'],
        ['baseline_state', 'What the baseline was made of; when it changes, the windows are rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

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
    subjects            what `subject` is: column, pair, join, dataset or rows
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
    rows                condition of the rows it speaks of, for rows_query: a text, or one for `numeric`, `categorical` or `vector` columns;
                        none if it speaks of no rows. In it {column} is the column, {invalid} and {default} its declared conditions,
                        see row_conditions; {broken} is a rule's breach and {partners} `from` and `where` of a join
    rows_state          state of the rows (`current` unless said)
-#}
{% macro metric_catalog(spec) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set plain = {
        'part': none, 'baseline': "'none'", 'subject': "'__rows__'", 'low': ml_monitor.float64('null'), 'high': ml_monitor.float64('null'),
        'significant': 'true', 'reason': 'cast(null as ' ~ text ~ ')', 'warn_only': 'false', 'available_at': 'window_end', 'where': '1 = 1',
        'detail': "''", 'grains': ['hour', 'day'],
        'comparisons': [['hour', 'none'], ['day', 'none']], 'subjects': 'rows', 'rows': none, 'rows_state': 'current',
    } -%}
    {%- set uncalibrated = "baseline = 'training' or is_in_baseline or coalesce(baseline_windows, 0) < " ~ spec.settings.calibrated_windows -%}
    {%- set share_where = "baseline = 'serving' and column_role in ('feature', 'score', 'prediction', 'embedding', 'attribution')" -%}
    {%- set shift_text = " || case when time_zone_shift_hours is null then '' else ', off by ' || " ~ ml_monitor.number_text('time_zone_shift_hours', 1) ~ " || ' hours: a time zone?' end" -%}
    {%- set unit_text = " || case when unit_change is null then '' else '; looks like ' || unit_change end" -%}
    {%- set ns = namespace(metrics=[
        dict(plain, metric='duplicate_rate', label='duplicate rate', category='quality', unit='share of rows', model='volume',
            description='Share of logged rows that repeat a prediction id.',
            value='duplicate_rate', low='duplicate_rate_low', high='duplicate_rate_high', sample='logged_rows',
            detail=ml_monitor.count_of('duplicate_rows', 'logged_rows') ~ " || ', ' || cast(exact_duplicate_rows as " ~ text ~ ") || ' of them exact copies'",
            rows="ml_row_state = 'duplicate'", rows_state='duplicate'),
        dict(plain, metric='exact_duplicate_rate', label='exact duplicate rate', category='quality', unit='share of rows', model='volume',
            description='Share of logged rows that repeat a prediction id with the same content.',
            value='exact_duplicate_rate', low='exact_duplicate_rate_low', high='exact_duplicate_rate_high', sample='logged_rows',
            detail=ml_monitor.count_of('exact_duplicate_rows', 'logged_rows'), rows="ml_duplicate_kind = 'exact'", rows_state='duplicate'),
        dict(plain, metric='conflicting_duplicate_rate', label='conflicting duplicate rate', category='quality', unit='share of rows', model='volume',
            description='Share of logged rows that repeat a prediction id with another content.',
            value='conflicting_duplicate_rate', low='conflicting_duplicate_rate_low', high='conflicting_duplicate_rate_high', sample='logged_rows',
            detail=ml_monitor.count_of('conflicting_duplicate_rows', 'logged_rows'), rows="ml_duplicate_kind = 'conflicting'", rows_state='duplicate'),
        dict(plain, metric='replay_rate', label='replay rate', category='quality', unit='share of rows', model='volume',
            description='Share of logged rows that repeat a prediction id more than the declared replay_after_minutes later.',
            value='replay_rate', low='replay_rate_low', high='replay_rate_high', sample='logged_rows',
            detail=ml_monitor.count_of('replayed_rows', 'logged_rows'), rows='ml_is_replay', rows_state='duplicate'),
        dict(plain, metric='quarantine_rate', label='quarantine rate', category='contract', unit='share of rows', model='volume',
            description='Share of logged rows that could not be used.',
            value='quarantine_rate', low='quarantine_rate_low', high='quarantine_rate_high', sample='logged_rows',
            detail="cast(quarantined_rows as " ~ text ~ ") || ' of ' || cast(logged_rows as " ~ text ~ ") || ' rows, see " ~ spec.name ~ "__quarantine'" ~ shift_text, rows="ml_row_state = 'quarantined'", rows_state='quarantined'),
        dict(plain, metric='error_rate', label='error rate', category='quality', unit='share of rows', model='volume',
            description='Share of predictions whose status is an error.',
            value='error_rate', low='error_rate_low', high='error_rate_high', sample='current_rows',
            rows=ml_monitor.is_error_status(spec)),
        dict(plain, metric='unreconciled_rows', label='unreconciled rows', category='contract', unit='rows', model='volume',
            description='Rows ingested in the window in staging that the log does not hold, or the other way round.',
            value=ml_monitor.float64('unreconciled_rows'), sample=ml_monitor.greatest_of(['raw_ingested_rows', 'log_ingested_rows']), where="segment_name = '__all__'",
            detail="cast(raw_ingested_rows as " ~ text ~ ") || ' in staging, ' || cast(log_ingested_rows as " ~ text ~ ") || ' in the log'"),
        dict(plain, metric='volume_ratio', label='volume', category='volume', unit='rows per expected row', model='volume',
            description='Rows of the window against the mean of the serving baseline (hours: the same local hour).',
            comparisons=[['hour', 'serving'], ['day', 'serving']], baseline="'serving'", value='volume_ratio', sample='floor(expected_rows + 0.5)',
            reason="case when expected_rows = 0 then 'no_baseline' end",
            detail="cast(current_rows as " ~ text ~ ") || ' rows, expected ' || " ~ ml_monitor.number_text('expected_rows', 0)),
        dict(plain, metric='season_volume_ratio', label='volume', category='volume', unit='rows per expected row', model='volume',
            description='Rows of the window against the mean of the same local hour and weekday of the up to four weeks before.',
            comparisons=[['hour', 'season'], ['day', 'season']], baseline="'season'", value='season_volume_ratio', sample='floor(coalesce(season_expected_rows, 0) + 0.5)', where="segment_name = '__all__'",
            reason="case when season_expected_rows is null then 'no_baseline' end",
            detail="cast(current_rows as " ~ text ~ ") || ' rows, expected ' || " ~ ml_monitor.number_text('season_expected_rows', 0)),
        dict(plain, metric='lost_segment_share', label='share of lost segments', category='volume', unit='share of expected rows', model='volume',
            description='Share of the serving baseline that belongs to segment values without any row in the window.',
            grains=['day'], comparisons=[['day', 'serving']], baseline="'serving'", value='lost_segment_share', sample='current_rows', where="segment_name = '__all__'",
            reason="'no_segments'" if not spec.segments else "case when lost_segment_share is null then 'no_baseline' when current_rows = 0 then 'insufficient_sample' end", detail="'no rows of ' || coalesce(lost_segment_names, '')"),
        dict(plain, metric='missing_hours', label='missing hours', category='freshness', unit='hours', model='volume',
            description='Hours without rows in which the season brings 20 or more.',
            value=ml_monitor.float64('missing_hours'), sample='floor(coalesce(season_expected_rows, 0) + 0.5)', where="segment_name = '__all__'",
            reason="case when season_expected_rows is null then 'no_baseline' end"),
        dict(plain, metric='event_age_minutes', label='age of the newest event', category='freshness', unit='minutes', model='freshness',
            description='Age of the newest event when the window ended.', value='event_age_minutes', sample='1'),
        dict(plain, metric='ingest_age_minutes', label='age of the newest ingest', category='freshness', unit='minutes', model='freshness',
            description='Time since anything arrived when the window ended.', value='ingest_age_minutes', sample='1'),
        dict(plain, metric='ingest_lag_p95_minutes', label='p95 ingest lag', category='freshness', unit='minutes', model='freshness',
            description='95th percentile of the time from event to ingest.', value='ingest_lag_p95_minutes', sample='current_rows', rows=ml_monitor.is_late(spec)),
        dict(plain, metric='late_share', label='late share', category='freshness', unit='share of rows', model='freshness',
            description='Share of rows that arrived later than the declared late_after_minutes.',
            value='late_share', low='late_share_low', high='late_share_high', sample='current_rows',
            detail=ml_monitor.count_of('late_rows', 'current_rows') ~ shift_text, rows=ml_monitor.is_late(spec)),
        dict(plain, metric='longest_gap_hours', label='longest gap', category='freshness', unit='hours', model='freshness',
            description='Longest run of hours without rows that touches the window.', value='longest_gap_hours', sample='1'),
        dict(plain, metric='join_match_rate', label='join match rate', category='quality', unit='share of rows', model='join_cardinality', part='joins',
            description='Share of predictions that find a partner in a declared lookup.',
            subjects='join', subject='join_name', value='match_rate', low='match_rate_low', high='match_rate_high', sample='rows_before', where="join_name <> 'labels'",
            detail="cast(matched_rows as " ~ text ~ ") || ' of ' || cast(rows_before as " ~ text ~ ") || ' rows found a partner'", rows='not exists (select 1 {partners})'),
        dict(plain, metric='join_fan_out', label='join fan-out', category='quality', unit='rows after per row before', model='join_cardinality', part='joins',
            description='Rows of a left join to a declared lookup per prediction; above 1 it multiplies rows.',
            subjects='join', subject='join_name', value='fan_out', sample='rows_before', where="join_name <> 'labels'",
            detail="cast(rows_before as " ~ text ~ ") || ' rows become ' || cast(rows_after as " ~ text ~ ")", rows='(select count(*) {partners}) > 1'),
        dict(plain, metric='label_coverage', label='label coverage', category='performance', unit='share of predictions', model='performance', part='labels',
            description='Share of predictions that have their outcome.',
            grains=['day'], comparisons=[['day', 'none']], where="model_version = '__all__'", value='label_coverage', low='label_coverage_low', high='label_coverage_high', sample='predicted_rows',
            reason="case when not is_mature then 'immature_labels' end", available_at=ml_monitor.date_add('hour', spec.label_horizon_hours, 'window_end'),
            detail="cast(labelled_rows as " ~ text ~ ") || ' of ' || cast(predicted_rows as " ~ text ~ ") || ' predictions have a label'", rows='not exists (select 1 {partners})'),
        dict(plain, metric='label_psi', label='label PSI', category='drift', unit='PSI less its expectation under no drift', model='performance', part='labels',
            description='Population stability index of the labels of a day against those of the serving baseline.',
            grains=['day'], comparisons=[['day', 'serving']], baseline="'serving'", where="model_version = '__all__'",
            value='label_psi_excess', significant='is_label_drift_detected', sample='coalesce(label_current_rows, 0)', reason='label_psi_reason',
            warn_only='is_in_baseline or coalesce(label_baseline_windows, 0) < ' ~ spec.settings.calibrated_windows, available_at=ml_monitor.date_add('hour', spec.label_horizon_hours, 'window_end'),
            detail=ml_monitor.top_bin_text('label_top_bin')),
    ] + ml_monitor.quality_metrics(plain)) -%}
    {%- for prefix, roles in {'': ['feature', 'embedding'], 'output_': ['score', 'prediction', 'attribution'], 'proxy_': ['proxy']}.items() -%}
        {%- set who = {'': 'feature', 'output_': 'score, prediction or attribution, within its version', 'proxy_': 'label-free proxy of the score, within its version'}[prefix] -%}
        {%- set role_condition = "column_role in ('" ~ roles | join("', '") ~ "')" -%}
        {%- set ns.metrics = ns.metrics + [
            dict(plain, metric=prefix ~ 'psi', label='PSI', category='drift', unit='PSI less its expectation under no drift', model='drift',
                description='Population stability index of a ' ~ who ~ ' against a baseline, from frozen bins.',
                grains=['hour', 'day', 'week', 'rolling', 'month'],
                comparisons=[['hour', 'serving'], ['day', 'serving'], ['week', 'serving'], ['rolling', 'serving']] + ([['month', 'training']] if prefix != 'proxy_' else []),
                baseline='baseline', subjects='column', subject='column_name',
                value='psi_excess', significant='is_drift_detected', sample='current_rows', reason='psi_reason', warn_only=uncalibrated, where=role_condition,
                detail=ml_monitor.top_bin_text('top_bin') ~ unit_text),
        ] -%}
        {#- A proxy has no chart of its own: where it is restless, that of the score covers it. -#}
        {%- set ns.metrics = ns.metrics + ([] if prefix == 'proxy_' else [
            dict(plain, metric=prefix ~ 'mean_shift_sd', label='window mean', category='drift', unit='spreads of the 28 days before', model='drift',
                description='Distance of the window mean of a ' ~ who ~ ' from the median of the 28 days before, for columns too restless for PSI.',
                grains=['day'], comparisons=[['day', 'rolling']], baseline="'rolling'", subjects='column', subject='column_name', value='abs(mean_shift_sd)',
                sample='current_rows', reason='chart_reason', warn_only=uncalibrated ~ ' or coalesce(chart_windows, 0) < ' ~ spec.settings.calibrated_windows,
                where="baseline = 'serving' and column_kind = 'numeric' and " ~ role_condition,
                detail="'mean ' || " ~ ml_monitor.number_text('current_mean') ~ " || ' against ' || " ~ ml_monitor.number_text('chart_center') ~ " || ' +- ' || " ~ ml_monitor.number_text('chart_scale') ~ unit_text),
        ]) -%}
    {%- endfor -%}
    {%- set described = {
        'null': 'NULLs', 'zero': 'zeros', 'default': 'the declared default value', 'spike': 'the most frequent value among the edges of the grid',
        'unseen': 'values that are not in the grid',
    } -%}
    {%- set conditions = ml_monitor.row_conditions() -%}
    {%- for name in ml_monitor.watched_shares() -%}
        {%- set ns.metrics = ns.metrics + [dict(plain, metric=name ~ '_share_change', label=name ~ ' share change', category='drift', unit='difference of shares', model='drift',
            description='Change of the share of ' ~ described[name] ~ ' since the serving baseline; PSI cannot see a small surge.',
            grains=['day'], comparisons=[['day', 'serving']], baseline='baseline', subjects='column', subject='column_name', value=name ~ '_share_change', significant='coalesce(abs(' ~ name ~ '_share_change) > ' ~ name ~ '_share_noise, false)',
            sample='row_count', reason="case when row_count = 0 then 'insufficient_sample' when " ~ name ~ "_share_change is null then 'no_baseline' end",
            warn_only=uncalibrated, where=share_where, rows=conditions[name],
            detail="'share ' || " ~ ml_monitor.number_text('100 * ' ~ name ~ '_share') ~ " || ' %, was ' || " ~ ml_monitor.number_text('100 * (' ~ name ~ '_share - ' ~ name ~ '_share_change)') ~ " || ' %'")] -%}
    {%- endfor -%}
    {%- set ns.metrics = ns.metrics + ml_monitor.reconciliation_catalog(spec, plain) + ml_monitor.parity_catalog(spec, plain) + ml_monitor.quality_score_catalog(spec, plain)
        + ml_monitor.relations_catalog(spec, plain) + ml_monitor.embeddings_catalog(spec, plain) + ml_monitor.attributions_catalog(spec, plain) -%}
    {%- do return(ns.metrics) -%}
{% endmacro %}


{#- The categories of gates, in the order they are reported. -#}
{% macro gate_categories() %}
    {%- do return(['contract', 'freshness', 'volume', 'quality', 'drift', 'performance']) -%}
{% endmacro %}


{#- The metrics of data_quality. Arguments: plain (dict of defaults). Returns: list as metric_catalog. -#}
{% macro quality_metrics(plain) %}
    {%- set ns = namespace(metrics=[]) -%}
    {%- set conditions = ml_monitor.row_conditions() -%}
    {%- set rules = "column_role in ('" ~ (ml_monitor.rule_roles() + ['ingest_lag', 'proxy']) | join("', '") ~ "')" -%}
    {%- set column_metric = dict(plain, model='data_quality', subjects='column', subject='column_name', sample='row_count', where='not ' ~ rules) -%}
    {%- set bounds = ml_monitor.bounded_rates() -%}
    {%- set described = {
        'null': 'NULLs', 'nan': 'NaNs', 'infinite': 'infinite values', 'empty': 'texts of nothing but blanks', 'zero': 'zeros', 'nonzero': 'values that are not zero, of sparse features',
        'default': 'the declared default value', 'invalid': 'values outside the declared range, accepted values or pattern', 'clipped': 'values at a declared limit',
        'numeric_text': 'unseen texts that are numbers', 'outside_reference': 'numbers outside the range of the reference', 'unseen': 'values that are not in the grid',
    } -%}
    {%- for name, what in described.items() -%}
        {%- set rate = name ~ '_rate' -%}
        {%- set ns.metrics = ns.metrics + [dict(column_metric, metric=rate, label=name.replace('_', ' ') ~ ' rate', category='contract' if name == 'numeric_text' else 'quality', unit='share of rows',
            description='Share of ' ~ what ~ '.', value=rate,
            low=rate ~ '_low' if 'low' in bounds[name] else plain.low, high=rate ~ '_high' if 'high' in bounds[name] else plain.high, detail=ml_monitor.count_of(name ~ '_count', 'row_count'), rows=conditions[name])] -%}
    {%- endfor -%}
    {%- for name, label, role, what in [
        ['rule_violation_rate', 'violation rate', 'rule', 'break a declared rule'],
        ['leakage_rate', 'leakage rate', 'leakage', 'have a feature that is younger than the prediction'],
    ] -%}
        {%- set ns.metrics = ns.metrics + [dict(column_metric, metric=name, label=label, category='quality', unit='share of rows', description='Share of rows that ' ~ what ~ ', of those that can be told.',
            value=ml_monitor.ratio('invalid_count', 'value_count'), low=ml_monitor.wilson('invalid_count', 'value_count', 'low'), high=ml_monitor.wilson('invalid_count', 'value_count', 'high'), sample='value_count',
            where="column_role = '" ~ role ~ "'", reason="case when value_count = 0 then 'insufficient_sample' end", detail=ml_monitor.count_of('invalid_count', 'value_count'), rows='{broken}')] -%}
    {%- endfor -%}
    {%- set ns.metrics = ns.metrics + [dict(column_metric, metric='top_value_share', label='top value share', category='quality', unit='share of values', sample='value_count',
        description='Share of the most frequent value: of a category, or of a number that is an edge of the grid.', value='top_value_share', rows=conditions.top_value)] -%}
    {%- for name, what in {'p1': '1st percentile', 'p50': 'Median', 'p99': '99th percentile'}.items() -%}
        {%- set ns.metrics = ns.metrics + [dict(column_metric, metric=name, label=name, category='quality', unit='unit of the column', sample='value_count', description=what ~ ' of a number, from cells.',
            value=name, where='not ' ~ rules ~ " and column_kind = 'numeric' and segment_name = '__all__'", reason="case when value_count = 0 then 'insufficient_sample' end")] -%}
    {%- endfor -%}
    {%- set ns.metrics = ns.metrics + [dict(column_metric, metric='distinct_count', label='distinct values', category='quality', unit='values', sample='value_count',
        description='Distinct values of a column that declares exact_distinct.', value=ml_monitor.float64('distinct_count'), where="distinct_count is not null and segment_name = '__all__'")] -%}
    {%- set training_metric = dict(column_metric, category='quality', grains=['day'], comparisons=[['day', 'none']]) -%}
    {%- set ns.metrics = ns.metrics + [
        dict(training_metric, metric='label_association', label='association with the label', unit='0 to 1', part='reference',
            description='How well a feature of the training set alone tells the label: 0 is not at all, 1 is completely.',
            value='label_association', sample='label_association_rows', where='label_association_rows is not null', detail="'alone, in the training set'"),
        dict(training_metric, metric='label_like_name', label='name like the label', unit='0 or 1',
            description='1 if the name of a feature is that of the label, or contains it.',
            value=ml_monitor.float64('label_like_name'), sample='1', where='label_like_name is not null'),
    ] -%}
    {%- do return(ns.metrics) -%}
{% endmacro %}


{#-
  What moved most, for a message of PSI: `share of <bin> rose from 10.0 % to 20.0 %`; empty without a bin.
  Arguments: bin (string: a column of texts beside which <bin>_reference_share and <bin>_current_share stand). Returns: SQL.
-#}
{% macro top_bin_text(bin) %}
    {%- do return('case when ' ~ bin ~ " is not null then 'share of ' || " ~ bin ~ ' || case when ' ~ bin ~ '_current_share < ' ~ bin ~ "_reference_share then ' fell' else ' rose' end || ' from ' || "
        ~ ml_monitor.number_text('100 * ' ~ bin ~ '_reference_share', 1) ~ " || ' % to ' || " ~ ml_monitor.number_text('100 * ' ~ bin ~ '_current_share', 1) ~ " || ' %' else '' end") -%}
{% endmacro %}


{#- `n of m rows`, as SQL. -#}
{% macro count_of(part, whole) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- do return('cast(' ~ part ~ ' as ' ~ text ~ ") || ' of ' || cast(" ~ whole ~ ' as ' ~ text ~ ") || ' rows'") -%}
{% endmacro %}


{#- Shares of rows that PSI cannot see or names badly, compared with the serving baseline beside it. -#}
{% macro watched_shares() %}
    {%- do return(['null', 'zero', 'default', 'spike', 'unseen']) -%}
{% endmacro %}


{#- The Wilson bounds of data_quality's rates: the side that a check judges them by, both of the two that existed first. -#}
{% macro bounded_rates() %}
    {%- set sides = {'null': ['low', 'high'], 'invalid': ['low', 'high'], 'nonzero': ['high']} -%}
    {%- for name in ['nan', 'infinite', 'zero', 'default', 'empty', 'clipped', 'numeric_text', 'outside_reference', 'unseen'] -%}
        {%- do sides.update({name: ['low']}) -%}
    {%- endfor -%}
    {%- do return(sides) -%}
{% endmacro %}


{#- The entries of metric_catalog whose part the monitor has, kept beside the declaration. -#}
{% macro metrics_of(monitor, spec) %}
    {%- if 'metrics' not in spec -%}
        {%- set ns = namespace(metrics=[]) -%}
        {%- for metric in ml_monitor.metric_catalog(spec) if not metric.part or ml_monitor.has_part(monitor, metric.part) -%}
            {%- set ns.metrics = ns.metrics + [metric] -%}
        {%- endfor -%}
        {%- do spec.update({'metrics': ns.metrics}) -%}
    {%- endif -%}
    {%- do return(spec.metrics) -%}
{% endmacro %}

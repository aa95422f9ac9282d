{#-
  The columns of a table from the list that stands beside its macro.

  Arguments: items (list). Each item is one of
    name                          a column of common_columns, or one whose name says what it is (column_of_name)
    [names, description]          columns of common_columns, separated by commas, that this table describes in its own words
    [name, type, description]     any other column; type is string, double, or one that every engine knows. Type `bounded` is a
                                  double that its two Wilson bounds follow
  Returns: list of [name, type, description]. scripts/scaffold.py reads the lists in the same way.
-#}
{% macro listed_columns(items) %}
    {%- set columns, common = [], ml_monitor.common_columns() -%}
    {%- for item in items -%}
        {%- if item is string -%}
            {%- if item in common -%}{%- do columns.append([item] + common[item]) -%}
            {%- else -%}{%- do columns.append(ml_monitor.column_of_name(item)) -%}{%- endif -%}
        {%- elif item | length == 2 -%}
            {%- for name in item[0].split(', ') -%}{%- do columns.append([name, common[name][0], item[1]]) -%}{%- endfor -%}
        {%- elif item[1] == 'bounded' -%}
            {%- do columns.append([item[0], 'double', item[2]]) -%}
            {%- for side in ['_low', '_high'] -%}{%- do columns.append(ml_monitor.column_of_name(item[0] ~ side)) -%}{%- endfor -%}
        {%- else -%}
            {%- do columns.append(item) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(columns) -%}
{% endmacro %}


{#-
  A column whose name says what it is: <x>_low and <x>_high are the Wilson bounds of <x>, <x>_rate is the share of rows of <x>_count.
  Arguments: name (string). Returns: [name, type, description].
-#}
{% macro column_of_name(name) %}
    {%- set of, mark, ending = name.rpartition('_') -%}
    {%- set bound = ' 99.9 % Wilson bound of ' ~ of ~ '.' -%}
    {%- set texts = {'low': 'Lower' ~ bound, 'high': 'Upper' ~ bound, 'rate': of ~ '_count / row_count (0 to 1).'} -%}
    {%- do return([name, 'double', texts[ending]]) -%}
{% endmacro %}


{#- The columns that several tables have. Returns: dict of name -> [type, description]. -#}
{% macro common_columns() %}
    {%- do return({
        'monitor': ['string', 'Name of the monitor.'],
        'window_grain': ['string', 'hour or day.'],
        'window_start': ['timestamp', 'Start of the window (UTC), inclusive.'],
        'window_end': ['timestamp', 'End of the window (UTC), exclusive.'],
        'model_version': ['string', 'Model version; `__all__` for all together, `__none__` if the monitor logs none, `__null__` where it '
            'is NULL.'],
        'segment_name': ['string', 'Column the rows are segmented by; `__all__` for totals.'],
        'segment_value': ['string', 'Value of that column; `__null__` for NULL, `__other__` for all but the ml_segment_cap most frequent, '
            '`__all__` for totals.'],
        'column_name': ['string', 'Monitored column, or rule; `__ingest_lag_minutes__` is the time from event to ingest, '
            '`__<column>_norm__` the norm of an embedding, `__score_entropy__` and the like are declared proxies. Of an attribution the '
            'magnitude is counted.'],
        'column_role': ['string', 'Declared role: feature, score, prediction, latency_ms, embedding (its norm) or attribution; '
            'ingest_lag, proxy, rule or feature_time for what is counted like a column.'],
        'column_kind': ['string', 'numeric or categorical.'],
        'baseline': ['string', 'What the window is compared with: serving, training, trailing (the 28 days before), seasonal (the same '
            'hour of earlier weeks), or none.'],
        'rebuild_key': ['string', 'window_grain and window_start as one text: what a run deletes and writes again.'],
        'declaration_hash': ['string', 'Hash of the declaration that the row was built under.'],
        'input_state': ['string', 'Fingerprint of what the table is made of; when it changes, the rows are written again.'],
        'baseline_state': ['string', 'What the baseline was made of; when it changes, the days are rewritten.'],
        'ml_batch': ['bigint', 'Newest batch of the inference log that the run had seen (milliseconds since 1970).'],
        'labels_batch': ['bigint', 'Newest batch of the label log that the run had seen (milliseconds since 1970).'],
        'as_of': ['timestamp', 'Moment that the run spoke of (UTC).'],
        'recorded_at': ['timestamp', 'Start of the run (UTC).'],
        'row_count': ['bigint', 'Rows of the window, NULLs included.'],
        'zero_count': ['bigint', "Rows whose value is 0 (categories: '0')."],
        'default_count': ['bigint', 'Rows whose value is the declared default_value.'],
        'invalid_count': ['bigint', 'Rows whose value is outside the declared min and max, not among accepted_values, or not of the '
            'declared pattern; NULL is not invalid.'],
        'empty_count': ['bigint', 'Rows whose text is nothing but blanks; 0 for numbers.'],
        'clipped_count': ['bigint', 'Rows whose value is the declared min or max.'],
        'numeric_text_count': ['bigint', 'Rows whose text is a number; 0 for numbers, and in data_quality where the grid had such texts.'],
        'z_sum': ['double', 'Sum of (x - center) / scale, without unit; 0 for categories.'],
        'z_squared_sum': ['double', 'Sum of the squares of (x - center) / scale, without unit; 0 for categories.'],
        'baseline_windows': ['int', 'Days of the baseline that the noise was measured on.'],
        'current_rows': ['bigint', 'Rows that are the current one of their prediction id.'],
        'duplicate_rows': ['bigint', 'Rows that repeat a prediction id.'],
        'exact_duplicate_rows': ['bigint', 'Duplicates that equal the current row.'],
        'conflicting_duplicate_rows': ['bigint', 'Duplicates that differ from the current row.'],
        'replayed_rows': ['bigint', 'Duplicates ingested more than replay_after_minutes after the current row.'],
        'quarantined_rows': ['bigint', 'Rows that could not be used.'],
        'future_rows': ['bigint', 'Rows quarantined because their event is after their ingest.'],
        'late_rows': ['bigint', 'Current rows that were ingested more than late_after_minutes after their event.'],
        'join_name': ['string', 'labels (predictions to labels), labels_to_predictions, or the name of the lookup.'],
        'rows_before': ['bigint', 'Current predictions; of labels_to_predictions usable rows of the label log.'],
        'rows_after': ['bigint', 'Rows after a left join.'],
        'matched_rows': ['bigint', 'Rows on the left that find at least one partner.'],
        'null_key_rows': ['bigint', 'Predictions with a NULL in the key.'],
        'fanned_out_rows': ['bigint', 'Predictions that find more than one partner.'],
        'ml_row_state': ['string', 'current, duplicate, quarantined, or deleted (by delete_entity).'],
        'ml_is_replay': ['boolean', 'Of a duplicate: it was ingested more than replay_after_minutes after the current row.'],
        'ml_event_hour': ['timestamp', 'Hour the row counts for (UTC): of its event, or of its ingest if it has no credible event time.'],
        'ml_key_hash': ['bigint', '64-bit hash of the prediction id; rows of one id share it.'],
        'ml_declaration_hash': ['string', 'Hash of the columns and rules that the row was read under.'],
        'error_sum': ['double', 'Sum of the errors, label minus prediction (binary: minus score), in the unit of the label.'],
        'absolute_error_sum': ['double', 'Sum of |error|, in the unit of the label.'],
        'squared_error_sum': ['double', 'Sum of squared errors, in the squared unit of the label.'],
        'score_sum': ['double', 'Sum of the scores; binary only.'],
        'squared_score_sum': ['double', 'Sum of the squared scores; binary only.'],
        'log_loss_sum': ['double', 'Sum of -ln of the probability that the score gave to the label; binary only.'],
        'absolute_label_sum': ['double', 'Sum of |label|, in its unit; regression only.'],
        'percentage_error_sum': ['double', 'Sum of |error / label| where the label is not 0; regression only.'],
        'nonzero_label_count': ['bigint', 'Labels that are not 0; regression only.'],
        'squared_log_error_sum': ['double', 'Sum of (ln(1 + label) - ln(1 + prediction)) squared, where both are 0 or more; regression '
            'only.'],
        'nonnegative_count': ['bigint', 'Rows where both are 0 or more; regression only.'],
        'largest_error': ['double', 'Largest |error|, in the unit of the label; regression only.'],
        'top_2_count': ['bigint', 'Labels whose class has the highest or second highest class score; class scores only.'],
        'top_3_count': ['bigint', 'Labels whose class has one of the three highest class scores; class scores only.'],
        'shadow_count': ['bigint', 'Labelled rows that a challenger predicted, too; with a shadow_prediction or shadow_score only.'],
        'shadow_gain_sum': ['double', 'Over these the sum of what the challenger did better: of classes 1 where it alone was right and -1 '
            'where it alone was wrong, of a regression |error| less its |error|.'],
        'shadow_gain_squared_sum': ['double', 'Over these the sum of the squares of that: of classes the rows where one alone was right.'],
        'policy_id': ['string', 'Row of ml_policy_rules that asks for the check.'],
        'category': ['string', 'Gate it belongs to: contract, freshness, volume, quality, drift or performance.'],
        'metric': ['string', 'Name of the metric, as in docs/metrics.md of ml_monitor.'],
        'subject': ['string', 'Column, join or dataset it speaks of; `__rows__` for the monitor as a whole.'],
        'status': ['string', 'pass, warn, fail or not_evaluated; not_evaluated is never a pass.'],
        'is_repeat': ['boolean', 'True if the status is warn or fail and the window before had the same one.'],
        'reason': ['string', 'Why it could not be evaluated (such as insufficient_sample, no_baseline, immature_labels, '
            'no_declared_count, no_offline_rows, too_variable, maintenance, undefined); else NULL.'],
        'value': ['double', 'Value of the metric in its unit; NULL where it is undefined.'],
        'value_low': ['double', 'Lower 99.9 % bound of the value; NULL if the value itself decides.'],
        'value_high': ['double', 'Upper 99.9 % bound of the value; NULL if the value itself decides.'],
        'threshold': ['double', 'Limit that was crossed, in the unit of the value; if none was, the fail limit, else the warn limit.'],
        'sample_size': ['bigint', 'Rows behind the value.'],
        'message': ['string', 'What was found, for people; NULL for pass.'],
        'owner': ['string', 'Who acts on it.'],
    }) -%}
{% endmacro %}

{#-
  The roles of columns, in the order of docs/declarations.md, which is made from this list as the validator is.

  Returns: list of dicts
    role      its name
    tables    the tables (inferences, a part, or lookup) whose columns may have it -> how often: required (exactly once), once (at most),
              some (one or more) or any (any number)
    type      the data type that it has at best, for snippets (default string)
    classes   the classes of types (type_class) that it may have; default any. Labels and predictions of a regression are numbers
    example   a column as YAML declares it, where role and type do not say enough
    missing   what a message says is allowed, if there must be one or more
    meaning   for docs and editors (Markdown)
-#}
{% macro column_roles() %}
    {%- set anywhere = dict.fromkeys(ml_monitor.described_tables(), 'any') -%}
    {%- do return([
        {
            'role': 'prediction_id', 'classes': ['text', 'whole', 'uuid'],
            'tables': {'inferences': 'required', 'labels': 'required'},
            'meaning': 'one prediction; a repeated one is a duplicate',
        },
        {
            'role': 'event_time', 'classes': ['timestamp'],
            'tables': {'inferences': 'required', 'offline': 'required'}, 'type': 'timestamp',
            'meaning': 'when it was scored; of `offline` the moment the features are of, '
                'equal to that of the prediction, to the microsecond',
        },
        {
            'role': 'ingest_time', 'classes': ['timestamp'],
            'tables': {'inferences': 'once', 'labels': 'once'}, 'type': 'timestamp',
            'meaning': 'when the row reached the log; needed for lag, late share and the check of event times',
        },
        {
            'role': 'model_version', 'tables': {'inferences': 'once', 'reference': 'once'},
            'meaning': 'scores and predictions are compared within it',
        },
        {'role': 'request_id', 'tables': {'inferences': 'once'}, 'meaning': 'one call of the service'},
        {
            'role': 'entity_id', 'classes': ['text', 'whole', 'uuid'],
            'tables': {'inferences': 'once', 'registry': 'required', 'offline': 'required'},
            'example': '{name: customer_id, data_type: string, config: {meta: {role: entity_id}}}',
            'meaning': 'what was scored; required on the inferences with the parts `registry` and `offline`; compared as text',
        },
        {
            'role': 'feature', 'tables': {'inferences': 'any', 'offline': 'some'},
            'example': '{name: amount, data_type: double, config: {meta: {role: feature}}}',
            'missing': 'one or more features of the inferences',
            'meaning': 'monitored; of `offline` a feature of the inferences of the same name, and of the same kind',
        },
        {
            'role': 'score', 'classes': ['whole', 'number'],
            'tables': {'inferences': 'once'},
            'example': '{name: score, data_type: double, config: {meta: {role: score, min: 0, max: 1}}}',
            'meaning': 'monitored; numeric ones outside `min` and `max` are quarantined',
        },
        {
            'role': 'prediction', 'classes': ['text', 'whole', 'number', 'boolean'],
            'tables': {'inferences': 'once'}, 'type': 'double',
            'meaning': 'monitored; a category unless the task is regression',
        },
        {
            'role': 'class_score', 'classes': ['whole', 'number'],
            'tables': {'inferences': 'any'}, 'type': 'double',
            'example': '{name: p_cat, data_type: double, config: {meta: {role: class_score, of: cat}}}',
            'meaning': 'of a multiclass task the probability of the class `of`; not monitored by itself: log loss, AUC, top-k accuracy '
                'and estimates are made from these. Rows whose class scores lie outside 0 to 1, or do not add up to 1 (within 0.01), '
                'are left out of them',
        },
        {
            'role': 'shadow_score', 'classes': ['whole', 'number'],
            'tables': {'inferences': 'once'}, 'type': 'double',
            'meaning': 'score that a challenger gave the same row, binary only; not monitored: [`shadow_gain`](metrics.md#shadow_gain) '
                'compares the two on the same rows, where no shadow_prediction is logged by `positive_threshold`',
        },
        {
            'role': 'shadow_prediction', 'classes': ['text', 'whole', 'number', 'boolean'],
            'tables': {'inferences': 'once'}, 'type': 'double',
            'meaning': 'what a challenger predicted for the same row; as shadow_score',
        },
        {
            'role': 'treatment', 'classes': ['text', 'whole', 'boolean'],
            'tables': {'inferences': 'once'},
            'example': '{name: arm, data_type: string, config: {meta: {role: treatment, shares: {control: 0.5, candidate: 0.5}}}}',
            'meaning': 'which arm of an experiment (A/B, canary) served the row; a column of `segments`, so everything is counted by arm. '
                'Needs `shares`, from which [`sample_ratio_difference`](metrics.md#sample_ratio_difference) is judged',
        },
        {
            'role': 'latency_ms', 'classes': ['whole', 'number'],
            'tables': {'inferences': 'once'}, 'type': 'double',
            'meaning': 'monitored: NULLs, declared range, percentiles; drift is computed and not judged',
        },
        {
            'role': 'embedding', 'tables': {'inferences': 'any'},
            'example': '{name: embedding, data_type: "double[]", config: {meta: {role: embedding, dimensions: 384}}}',
            'meaning': 'an array of numbers; its norm is monitored, as `__<column>_norm__`',
        },
        {
            'role': 'attribution',
            'tables': {'inferences': 'any'},
            'example': '{name: amount_attribution, data_type: double, config: {meta: {role: attribution, of: amount}}}',
            'meaning': 'how much a feature added to the prediction; its magnitude is monitored. Needs `of`',
        },
        {'role': 'status', 'tables': {'inferences': 'once'}, 'meaning': 'anything but NULL, `ok`, `success` or `200` is an error'},
        {
            'role': 'sampling_fraction', 'classes': ['whole', 'number'],
            'tables': {'inferences': 'once'}, 'type': 'double',
            'meaning': 'the share of requests that is logged, where the log is a sample: [volume and reconciliation]'
                '(server_logs.md#a-log-that-is-a-sample) count each row 1 / fraction times. Not above 0, or above 1: quarantined; NULL: 1',
        },
        {
            'role': 'feature_time', 'classes': ['timestamp'],
            'tables': {'inferences': 'any'}, 'type': 'timestamp',
            'meaning': 'the moment that features are of; after the event it is '
                '[leakage](metrics.md#rule_violation_rate-and-late_feature_rate)',
        },
        {
            'role': 'join_key', 'tables': {'inferences': 'any', 'lookup': 'some'}, 'missing': 'the columns the features were joined on',
            'example': '{name: tail_number, data_type: string, config: {meta: {role: join_key, inference_column: tail_number}}}',
            'meaning': 'the keys of a lookup; on the inferences only a note',
        },
        {
            'role': 'label', 'classes': ['text', 'whole', 'number', 'boolean'],
            'tables': {'labels': 'required', 'reference': 'once'},
            'meaning': 'the outcome; 1 is positive for `binary`',
        },
        {
            'role': 'label_time', 'classes': ['timestamp'],
            'tables': {'labels': 'required'}, 'type': 'timestamp', 'meaning': 'when the outcome happened',
        },
        {
            'role': 'count_hour', 'classes': ['timestamp'],
            'tables': {'counts': 'required'}, 'type': 'timestamp',
            'meaning': 'the hour that was counted: a timestamp in UTC, cut to the hour',
        },
        {
            'role': 'row_count', 'classes': ['whole', 'number'],
            'tables': {'counts': 'required'}, 'type': 'bigint',
            'meaning': 'predictions the service made in it. Several rows of an hour, such as one per instance, add up; '
                'NULL and negative ones do not count',
        },
        {
            'role': 'active_from', 'classes': ['timestamp'],
            'tables': {'registry': 'once'}, 'type': 'timestamp',
            'meaning': 'when the entity becomes active (UTC); always, if NULL',
        },
        {
            'role': 'active_until', 'classes': ['timestamp'],
            'tables': {'registry': 'once'}, 'type': 'timestamp',
            'meaning': 'when it ceases to be (UTC, exclusive); never, if NULL. An entity may have several rows',
        },
        {'role': 'context', 'tables': anywhere, 'meaning': 'kept, not monitored'},
    ]) -%}
{% endmacro %}

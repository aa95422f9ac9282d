{#-
  The keys of a monitor, below `config.meta.ml_monitor` of stg_<m>__inferences. The validator (key_faults), the defaults of monitor_spec,
  docs/declarations.md and docs/schema/ml_monitor.schema.json are all made from this list.

  Returns: list of dicts. Of every table of keys:
    key                 its name
    type                text, number, whole, boolean, date, time zone, list, dict, or value (a number for numeric columns, else any scalar)
    choices             what a text, or each element of a list, may be
    matches             a regular expression that a text must match
    min, max, above     range of a number; `above` itself is not in it
    unique, filled      of a list: each element once; at least one element
    fields              of a dict its keys, of a list those of the dicts in it: a list as this one
    required            must be there
    default             what monitor_spec takes without it; `default_text` says it in words
    allowed             what may stand there, where the fields above do not say it
    needs               what must be declared for the key to have an effect: list of dicts with one of `beside` ([a list among the keys, its
                        element], with `write`, the line to write), `task`, `part`, `role` (also its `kind`), and `allowed` for the message
    example             its value in the snippet of a message
    meaning             for docs and editors (Markdown)
  docs/declarations.md describes the keys in this order.
-#}
{% macro monitor_keys() %}
    {%- do return([
        {
            'key': 'task', 'type': 'text', 'choices': ['binary', 'multiclass', 'regression'], 'required': true, 'example': 'binary',
            'meaning': 'what the model predicts',
        },
        {
            'key': 'owner', 'type': 'text', 'allowed': 'who acts on a failed gate', 'required': true, 'example': 'team@example.com',
            'meaning': 'who acts on a failed gate; printed in every message',
        },
        {
            'key': 'risk_tier', 'type': 'text', 'choices': ['high', 'medium', 'low'], 'default': 'medium', 'example': 'high',
            'meaning': 'how much depends on the model: the severity of its [incidents](incidents.md)',
        },
        {
            'key': 'upstream', 'type': 'list', 'unique': true, 'allowed': 'a list of other monitors of vars.ml_monitors', 'default': [],
            'example': '[other_monitor]',
            'meaning': 'monitors whose data or predictions this one is made from: their [incidents](incidents.md) mute its own',
        },
        {
            'key': 'time_zone', 'type': 'time zone', 'allowed': 'a name of the IANA time zone database', 'default': 'UTC',
            'example': 'America/New_York', 'meaning': 'whose hours of the day are compared',
        },
        {
            'key': 'segments', 'type': 'list', 'allowed': 'a list of columns, or of lists of columns that are crossed', 'default': [],
            'example': '[country]',
            'meaning': 'also counted by each value of these columns of the inferences, per day, [up to a cap](#values-of-a-segment). '
                '`[origin, [origin, carrier]]` has the segments `origin` and `origin * carrier`, the second with values such as '
                '`JFK * AA` (a star within a value is doubled, a NULL is `__null__`)',
        },
        {
            'key': 'protected', 'type': 'list', 'unique': true, 'allowed': 'a list of columns of segments', 'default': [],
            'example': '[country]',
            'needs': [
                {'task': 'binary', 'allowed': 'protected columns of a binary task'},
                {'part': 'labels', 'allowed': 'the part, whose tables count predictions by class'},
            ],
            'meaning': 'columns whose groups must be treated alike: the values of their segments, crosses included, are compared over the '
                'last 28 days; see [fairness](metrics.md#fairness)',
        },
        {
            'key': 'positive_threshold', 'type': 'number', 'min': 0, 'default': 0.5, 'example': '0.5',
            'needs': [{'task': 'binary', 'allowed': 'positive_threshold of a binary task'}],
            'meaning': 'score from which class 1 is predicted, where no prediction is logged; also that of the '
                '[proxies](#label-free-proxies)',
        },
        {
            'key': 'error_tolerance', 'type': 'number', 'above': 0, 'default': none, 'example': '15',
            'needs': [{'task': 'regression', 'allowed': 'error_tolerance of a regression'}],
            'meaning': 'error that is still good, in the unit of the label: what `within_tolerance` counts',
        },
        {
            'key': 'metrics', 'type': 'list', 'fields': ml_monitor.metric_keys(), 'allowed': 'a list of dicts of '
                ~ ml_monitor.metric_keys() | map(attribute='key') | join(', '),
            'default': [], 'example': '\n        - {name: missed_amount, numerator: amount * label * (1 - prediction), is_better: lower}',
            'needs': [{'part': 'labels', 'allowed': 'the part, whose rows they are made of'}],
            'meaning': 'business metrics of your own, by window, version and segment, with intervals and a comparison with the baseline; '
                'see [your own metrics](metrics.md#your-own-metrics)',
        },
        {
            'key': 'objectives', 'type': 'list', 'fields': ml_monitor.objective_keys(), 'allowed': 'a list of dicts of '
                ~ ml_monitor.objective_keys() | map(attribute='key') | join(', '),
            'default': [], 'example': '\n        - {name: on_time, metric: late_share, target: 0.99, lookback_days: 28}',
            'meaning': 'service-level objectives: the error budget that is left, and how fast it burns; see '
                '[objectives](incidents.md#objectives)',
        },
        {
            'key': 'retraining', 'type': 'dict', 'fields': ml_monitor.retraining_keys(), 'default': {},
            'allowed': 'a dict of ' ~ ml_monitor.retraining_keys() | map(attribute='key') | join(', '),
            'example': '{when: [[performance]], min_labels: 5000}',
            'needs': [{'part': 'labels', 'allowed': 'the part, whose labels the evidence is made of'}],
            'meaning': 'what evidence asks for a retraining; see [the decision to retrain](incidents.md#the-decision-to-retrain)',
        },
        {
            'key': 'label_horizon_hours', 'type': 'number', 'min': 0, 'default': 24, 'example': '24',
            'meaning': 'hours after which labels count as complete',
        },
        {
            'key': 'late_after_minutes', 'type': 'number', 'min': 0, 'default': 60, 'example': '60',
            'meaning': 'a row that arrives later than this after its event is late',
        },
        {
            'key': 'event_tolerance_minutes', 'type': 'number', 'min': 0, 'default': 10, 'example': '10',
            'needs': [{'role': 'ingest_time', 'allowed': 'event_tolerance_minutes where rows say when they arrived'}],
            'meaning': 'how far an event may be dated after its ingest before it is quarantined, and a label before its prediction '
                'before it counts as early',
        },
        {
            'key': 'event_not_before', 'type': 'date', 'default': '2000-01-01', 'example': "'2020-01-01'",
            'meaning': 'events before it are quarantined: 1970 is a missing time and no event',
        },
        {
            'key': 'replay_after_minutes', 'type': 'number', 'min': 0, 'default': 60, 'example': '60',
            'meaning': 'a duplicate that was ingested so much later than the current row is a replay',
        },
        {
            'key': 'rules', 'type': 'list', 'fields': ml_monitor.rule_keys(), 'allowed': 'a list of dicts of name, condition, hard',
            'default': [], 'example': '\n        - {name: arrival_after_departure, condition: arrival >= departure, hard: true}',
            'meaning': 'what holds between the columns of a row; see [rules](#rules)',
        },
        {
            'key': 'quality_weights', 'type': 'dict', 'fields': ml_monitor.quality_weight_keys(), 'default_text': '1 each',
            'allowed': 'a dict of ' ~ ml_monitor.quality_components() | join(', ') ~ ' to numbers',
            'example': '{freshness: 1, completeness: 2, validity: 2, uniqueness: 1}',
            'meaning': 'weights of the parts of the [quality score](metrics.md#quality_score), 0 or more and not all 0; '
                'a part that is not named weighs 1',
        },
        {
            'key': 'min_sample', 'type': 'whole', 'min': 1, 'default': 500, 'example': '200',
            'meaning': 'rows that a distance such as PSI needs for a verdict: where a policy row leaves `min_sample` empty. Rates have '
                'intervals and need none',
        },
        {
            'key': 'drift_windows', 'type': 'list', 'choices': ['hour'], 'default': [], 'example': '[hour]',
            'meaning': 'windows whose distributions are compared with the serving baseline, besides each day and its last 7 and 28 days. '
                'An hour is compared with the same hours of the clock, totals only, and needs volume: `min_sample` rows for a verdict, and '
                'no `hourly_retention_days`',
        },
        {
            'key': 'weekends_apart', 'type': 'boolean', 'default': false, 'example': 'true',
            'needs': [{'beside': ['drift_windows', 'hour'], 'allowed': 'weekends_apart beside windows of an hour',
                'write': 'drift_windows: [hour]'}],
            'meaning': 'hours of weekends are compared with hours of weekends only',
        },
        {
            'key': 'relations', 'type': 'list', 'filled': true, 'default_text': 'pairs of the most important columns',
            'allowed': 'a list of pairs of columns; leave the key out for pairs of the most important ones', 'example': '[[amount, score]]',
            'needs': [{'part': 'relations', 'allowed': 'the part, or no relations'}],
            'meaning': 'up to 20 pairs of columns; see [relations between columns](#relations-between-columns)',
        },
        {
            'key': 'proxies', 'type': 'list', 'choices': ml_monitor.known_proxies(), 'unique': true, 'default': [],
            'example': '[' ~ ml_monitor.known_proxies() | join(', ') ~ ']',
            'needs': [
                {'task': 'binary', 'allowed': 'task: binary, whose score is the probability of class 1'},
                {'role': 'score', 'kind': 'numeric', 'allowed': 'exactly one, from which they are computed'},
            ],
            'meaning': '[label-free proxies](#label-free-proxies): columns computed from the score and monitored like declared ones',
        },
        {
            'key': 'near_threshold_margin', 'type': 'number', 'above': 0, 'default': 0.05, 'example': '0.05',
            'needs': [{'beside': ['proxies', 'near_threshold'], 'allowed': 'near_threshold_margin beside the proxy near_threshold',
                'write': 'proxies: [near_threshold]'}],
            'meaning': 'how far from `positive_threshold` a score is near it',
        },
        {
            'key': 'golden_periods', 'type': 'dict', 'allowed': 'a dict of name: [from, until]', 'default': {},
            'example': "\n        quiet_june: ['2013-06-01', '2013-07-01']",
            'meaning': 'periods that [comparisons](tables.md#any-two-periods) take by name, each from a moment in UTC until another, '
                "which is not in it: `{quiet_june: ['2013-06-01', '2013-07-01']}`",
        },
        {
            'key': 'hourly_retention_days', 'type': 'number', 'min': 3, 'default': none, 'example': '90',
            'allowed': 'a number, 3 or more, so that gates still see the hours they judge',
            'meaning': 'hourly counts older than this are folded into days; see [incremental.md](incremental.md#on-purpose)',
        },
    ]) -%}
{% endmacro %}


{#- The keys of one of the `rules`. Returns: list of dicts as in monitor_keys. -#}
{% macro rule_keys() %}
    {%- do return([
        {
            'key': 'name', 'type': 'text', 'required': true,
            'allowed': 'a name of its own, not that of a column: lower-case letters, digits and underscores',
            'meaning': 'by which breaches are counted',
        },
        {
            'key': 'condition', 'type': 'text', 'required': true, 'allowed': 'SQL that a good row keeps',
            'meaning': 'SQL over the columns of the inferences that a good row keeps; where it is NULL, the row neither keeps nor '
                'breaks it',
        },
        {'key': 'hard', 'type': 'boolean', 'default': false, 'meaning': 'rows that break it are [quarantined](#what-is-quarantined)'},
    ]) -%}
{% endmacro %}


{#- The keys of `quality_weights`: the parts of the quality score. Returns: list of dicts as in monitor_keys. -#}
{% macro quality_weight_keys() %}
    {%- set keys = [] -%}
    {%- for part in ml_monitor.quality_components() -%}
        {%- do keys.append({'key': part, 'type': 'number', 'min': 0, 'default': 1, 'meaning': 'weight of ' ~ part}) -%}
    {%- endfor -%}
    {%- do return(keys) -%}
{% endmacro %}

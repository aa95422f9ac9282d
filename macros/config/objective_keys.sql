{#- The keys of one of the `objectives`. Returns: list of dicts as in monitor_keys. -#}
{% macro objective_keys() %}
    {%- do return([
        {
            'key': 'name', 'type': 'text', 'required': true, 'matches': '^[a-z][a-z0-9_]*\\Z',
            'allowed': 'a name of its own: lower-case letters, digits and underscores', 'meaning': 'its name in `ml_objectives`',
        },
        {
            'key': 'metric', 'type': 'text', 'default': none,
            'choices': ['quarantine_rate', 'late_share', 'error_rate', 'duplicate_rate', 'join_match_rate', 'missing_row_share'],
            'meaning': 'a share of predictions that is checked by hour: good events are the other predictions (of `join_match_rate` '
                'those that find a partner)',
        },
        {
            'key': 'category', 'type': 'text', 'default': none, 'choices': ['contract', 'freshness', 'volume', 'quality'],
            'meaning': 'in place of a metric: good events are the hours of which no check of this category fails',
        },
        {
            'key': 'subject', 'type': 'text', 'default': '*', 'allowed': 'a column or join, or *',
            'meaning': 'of the checks; with `*` events of several subjects add up',
        },
        {
            'key': 'target', 'type': 'number', 'above': 0, 'max': 0.99999, 'required': true, 'allowed': 'a share above 0 and below 1',
            'meaning': 'the share of events that must be good',
        },
        {
            'key': 'lookback_days', 'type': 'whole', 'min': 1, 'max': 90, 'default': 28,
            'meaning': 'the days over which the error budget is counted',
        },
        {
            'key': 'min_events', 'type': 'whole', 'min': 1, 'default': none, 'default_text': '100 predictions, or 6 hours',
            'meaning': 'events that the longer window of a burn-rate alert needs',
        },
    ]) -%}
{% endmacro %}

{#- The keys of `retraining`. Returns: list of dicts as in monitor_keys. -#}
{% macro retraining_keys() %}
    {%- do return([
        {
            'key': 'when', 'type': 'list', 'default': [['performance'], ['drift_with_impact'], ['age']], 'filled': true,
            'allowed': 'a list of lists of performance, drift_with_impact, age',
            'default_text': '`[[performance], [drift_with_impact], [age]]`',
            'meaning': 'the evidence that asks for it: one of the lists, all of whose elements hold',
        },
        {
            'key': 'sustained_days', 'type': 'whole', 'min': 1, 'default': 7,
            'meaning': 'days for which drift, or a fall of performance, must last before it counts',
        },
        {
            'key': 'max_age_days', 'type': 'whole', 'min': 1, 'default': none,
            'meaning': 'age of the serving version from which `age` holds; without it, age never does',
        },
        {'key': 'min_labels', 'type': 'whole', 'min': 1, 'default': 1000, 'meaning': 'mature labels since the version began that it needs'},
        {'key': 'cool_down_days', 'type': 'whole', 'min': 0, 'default': 14, 'meaning': 'days that a new version is left alone'},
    ]) -%}
{% endmacro %}

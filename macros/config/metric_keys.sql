{#- The keys of one of the `metrics`. Returns: list of dicts as in monitor_keys. -#}
{% macro metric_keys() %}
    {%- do return([
        {
            'key': 'name', 'type': 'text', 'required': true, 'matches': '^[a-z][a-z0-9_]*\\Z',
            'allowed': 'a name of its own, not that of another metric: lower-case letters, digits and underscores',
            'meaning': 'its name in tables and policies; `<name>_ratio` or `<name>_change` is its comparison with the baseline',
        },
        {
            'key': 'numerator', 'type': 'text', 'default': none, 'allowed': 'SQL: a number for each row with a label',
            'meaning': 'SQL over the columns of the inferences and of the labels; a row where it is NULL does not count. A column that '
                'both tables have is written with `log.` or `labels.`',
        },
        {
            'key': 'denominator', 'type': 'text', 'default': none, 'default_text': '1, so the metric is a mean over rows',
            'allowed': 'SQL: a number for each row with a label',
            'meaning': 'the metric is the sum of the numerator divided by that of the denominator',
        },
        {
            'key': 'expression', 'type': 'text', 'default': none, 'allowed': 'SQL over the names of metrics with a numerator',
            'meaning': 'in place of a numerator: a metric made of others, such as `20 * reviewed - missed_amount`. It has no bounds',
        },
        {'key': 'unit', 'type': 'text', 'default': 'per row', 'allowed': 'a text',
            'meaning': 'its unit in messages; `share of rows` is shown in percent'},
        {'key': 'is_better', 'type': 'text', 'choices': ['higher', 'lower'], 'default': none, 'meaning': 'which direction is good'},
        {'key': 'compared_by', 'type': 'text', 'choices': ['ratio', 'change'], 'default': 'ratio',
            'meaning': 'how it is compared with the baseline: by its ratio, or by its difference where values may be 0 or negative'},
        {'key': 'description', 'type': 'text', 'default': none, 'allowed': 'a text', 'meaning': 'what it means, for people'},
    ]) -%}
{% endmacro %}

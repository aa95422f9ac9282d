{#-
  The keys of a column of a staging model, below `config.meta`. What monitor_keys says of its list holds for this one, too.

  Returns: list of dicts as in monitor_keys, and
    roles       where the key has an effect: dict of table (inferences, a part, or lookup) -> list of roles; none for every role
    with_hard   whether it has an effect on other columns of the inferences, too, if they are `hard`
    on          the same in words, for docs and messages
    kind        numeric or categorical, if it is for columns of that kind only; then `noun` is what a message calls it, and
                `instead` [what is allowed on the others, a snippet]
-#}
{% macro column_keys() %}
    {%- set limited = {'inferences': ['feature', 'score', 'prediction', 'latency_ms']} -%}
    {%- set monitored = 'monitored columns of the inferences (feature, score, prediction, latency_ms)' -%}
    {%- set monitored_or_hard = monitored ~ '; with hard: true also on others' -%}
    {%- set lists = ['accepted_values', 'accepted_values: [a, b]'] -%}
    {%- set numbers = [
        'min and max for numbers; accepted_values for text, or for numbers with kind: categorical', 'min: 0, max: 1',
    ] -%}
    {%- do return([
        {'key': 'role', 'type': 'text', 'default': 'context', 'meaning': 'what the column is: [roles](#roles-of-columns)'},
        {
            'key': 'kind', 'type': 'text', 'choices': ['numeric', 'categorical'], 'example': 'categorical',
            'roles': dict(limited, labels=['label'], reference=['label'], offline=['feature']), 'with_hard': true,
            'on': monitored_or_hard ~ '; on the label, and on features of offline',
            'meaning': 'how it is counted; the default follows from the data type',
        },
        {
            'key': 'min', 'type': 'number', 'kind': 'numeric', 'noun': 'a limit', 'instead': lists, 'default': none, 'example': '0',
            'roles': limited, 'with_hard': true, 'on': monitored_or_hard, 'meaning': 'values below are invalid; at most `max`',
        },
        {
            'key': 'max', 'type': 'number', 'kind': 'numeric', 'noun': 'a limit', 'instead': lists, 'default': none, 'example': '1',
            'roles': limited, 'with_hard': true, 'on': monitored_or_hard, 'meaning': 'values above are invalid',
        },
        {
            'key': 'accepted_values', 'type': 'list', 'kind': 'categorical', 'noun': 'a list', 'instead': numbers, 'default': [],
            'example': '[a, b]', 'roles': limited, 'with_hard': true, 'on': monitored_or_hard,
            'meaning': 'other values are invalid. For numbers add `kind: categorical`',
        },
        {
            'key': 'pattern', 'type': 'text', 'kind': 'categorical', 'noun': 'a pattern',
            'allowed': 'a regular expression, on a text column',
            'instead': ['a regular expression, on a text column', 'min: 0, max: 1'], 'default': none, 'example': "'^[A-Z]{2}$'",
            'roles': limited, 'with_hard': true, 'on': monitored_or_hard,
            'meaning': 'texts that it does not match are invalid. It may match anywhere: write `^` and `$` for the whole text. '
                'The dialect is the engine\'s',
        },
        {
            'key': 'hard', 'type': 'boolean', 'default': false, 'example': 'true', 'roles': limited, 'with_hard': true,
            'on': 'columns of the inferences',
            'meaning': 'a row that breaks what the column declares is [quarantined](#what-is-quarantined), not counted as invalid',
        },
        {
            'key': 'max_null_rate', 'type': 'number', 'min': 0, 'max': 1, 'allowed': 'a share of rows, 0 to 1', 'default': none,
            'example': '0.05', 'roles': limited, 'with_hard': true, 'on': monitored_or_hard,
            'meaning': 'limit of the null rate: fails above it, by day ([policies.md](policies.md#limits-that-columns-declare))',
        },
        {
            'key': 'exact_distinct', 'type': 'boolean', 'default': false, 'example': 'true', 'roles': limited, 'on': monitored,
            'meaning': 'distinct values are counted exactly ([`distinct_count`](metrics.md#distinct_count)), '
                'from the log: for ids and codes',
        },
        {
            'key': 'default_value', 'type': 'value', 'allowed': 'a number on numeric columns, else a text', 'default': none, 'example': '0',
            'roles': limited, 'on': monitored, 'meaning': 'the share of this value is watched',
        },
        {
            'key': 'unit', 'type': 'text', 'default': none, 'example': 'miles', 'roles': {'inferences': none},
            'on': 'columns of the inferences', 'meaning': 'kept in `ml_columns`, for people',
        },
        {
            'key': 'importance', 'type': 'number', 'default': none, 'example': '0.1', 'roles': {'inferences': none},
            'on': 'columns of the inferences',
            'meaning': 'kept in `ml_columns`; chooses the default [relations](#relations-between-columns)',
        },
        {
            'key': 'personal', 'type': 'boolean', 'default': false, 'example': 'true', 'roles': {'inferences': none},
            'on': 'columns of the inferences',
            'meaning': 'values of the column are in no message, no label of a bin and no report, and in `<m>__quarantine` only if that '
                'model has `grants` of its own; not allowed for segments; kept in `ml_columns`',
        },
        {
            'key': 'dimensions', 'type': 'whole', 'min': 1, 'allowed': 'the number of elements of a vector: a whole number, 1 or more',
            'example': '384', 'roles': {'inferences': ['embedding']}, 'on': 'a column with role embedding',
            'needs': [{'part': 'embeddings', 'allowed': 'with the part embeddings in vars.ml_monitors'}],
            'meaning': 'elements of a vector; default those of a type such as `float[384]`',
        },
        {
            'key': 'of', 'type': 'text', 'allowed': 'a feature of the inferences; of a class_score a class, in quotes if it is a number',
            'example': 'amount',
            'roles': {'inferences': ['attribution', 'class_score']}, 'on': 'a column with role attribution or class_score',
            'meaning': 'required there: the feature that an attribution explains, or the class that a class_score is the probability of; '
                'one column for each',
        },
        {
            'key': 'shares', 'type': 'dict', 'allowed': 'a dict of each arm to its share of rows; the shares add up to 1',
            'example': '{control: 0.5, candidate: 0.5}', 'roles': {'inferences': ['treatment']}, 'on': 'a column with role treatment',
            'meaning': 'required there: the share of rows that each arm should get',
        },
        {
            'key': 'inference_column', 'type': 'text', 'allowed': 'a column of the inferences', 'example': 'customer_id',
            'roles': {'lookup': ['join_key']}, 'on': 'columns of a lookup with role join_key',
            'meaning': 'the column it is joined to, if the names differ',
        },
    ]) -%}
{% endmacro %}

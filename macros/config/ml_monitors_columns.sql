{#- The columns of ml_monitors: lists of name, type and description. -#}
{% macro ml_monitors_columns() %}
    {%- do return([
        ['monitor', 'string', 'Name of the monitor.'],
        ['task', 'string', 'binary, multiclass or regression.'],
        ['owner', 'string', 'Who acts on a failed gate.'],
        ['time_zone', 'string', 'IANA time zone whose hours of the day are compared.'],
        ['segments', 'string', 'Segment columns, separated by commas; may be empty.'],
        ['parts', 'string',
            'Parts that it has: labels, reference, counts, registry, offline, embeddings, attributions and lookups, separated by commas; '
            'may be empty.'],
        ['label_horizon_hours', 'int', 'Hours after which labels count as complete.'],
        ['late_after_minutes', 'int', 'Minutes from event to ingest after which a row is late.'],
        ['event_tolerance_minutes', 'int', 'Minutes that an event may be dated after its ingest before it is quarantined.'],
        ['event_not_before', 'timestamp', 'Events before are quarantined (UTC).'],
        ['replay_after_minutes', 'int', 'Minutes after the current row from which a duplicate is a replay.'],
        ['rules', 'string', 'Names of the declared rules, separated by commas; may be empty.'],
        ['positive_threshold', 'double', 'Score from which class 1 is predicted (binary).'],
        ['baseline_day_rows', 'bigint', 'Rows of the median day of the serving baseline; NULL without one.'],
        ['judged_windows', 'string', 'Windows of whole days whose distributions are judged: the shortest of day, 7_days and 28_days that '
            'has min_sample rows, and 28_days; none if 28 days have too few; NULL without a baseline.'],
        ['declaration_hash', 'string', 'Hash of the present declaration.'],
    ]) -%}
{% endmacro %}

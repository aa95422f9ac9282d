{#-
  Fails when the key of a table repeats, or its repeats conflict or arrive late.

  Arguments:
    keys (list of columns), ingest_column (optional), replay_after_minutes (default 60), ignore (list of columns that may differ in an
      exact duplicate, default the ingest column); see macro uniqueness
    warn, fail: dicts of duplicate_rate, exact_duplicate_rate, conflicting_duplicate_rate, replay_rate (needs ingest_column), each an
      upper limit
    min_rows (default 1: fewer rows with a whole key only warn), group_by (list of columns, optional: a key repeats within its group)
  Rows: status, metric, value, threshold, message: one per limit that is passed.
  Raises: no key; a limit without the argument it needs.
-#}
{% test uniqueness(
    model, keys, ingest_column=none, replay_after_minutes=60, ignore=none, warn=none, fail=none, min_rows=1, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set key_names = ml_monitor.group_columns(keys) | join(', ') -%}
{%- set about = ml_monitor.test_subject(model, key_names) -%}
{%- do ml_monitor.require_arguments('uniqueness', about, warn, fail, [
    [['replay_rate'], ingest_column is not none, 'ingest_column', 'keys: [' ~ key_names ~ '], ingest_column: loaded_at'],
]) -%}
{%- set limited = (warn if warn is mapping else {}) | list + (fail if fail is mapping else {}) | list -%}
{%- set compare = 'exact_duplicate_rate' in limited or 'conflicting_duplicate_rate' in limited -%}
{{ ml_monitor.limits_test(
    'uniqueness', about, ml_monitor.uniqueness(model, keys, ingest_column, replay_after_minutes, ignore, group_by, compare),
    limits=[
        ['duplicate_rate', 'above', '{duplicate_count} of {keyed_count} rows with a key'],
        ['exact_duplicate_rate', 'above', '{exact_duplicate_count} of {keyed_count} rows with a key'],
        ['conflicting_duplicate_rate', 'above', '{conflicting_duplicate_count} of {keyed_count} rows with a key'],
        ['replay_rate', 'above', '{replay_count} of {keyed_count} rows with a key'],
    ],
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by, rows='keyed_count'
) }}
{% endtest %}

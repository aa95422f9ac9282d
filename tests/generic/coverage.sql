{#-
  Fails when active entities of a registry have no rows, or rows have entities that are not registered or not active at the time.
  Arguments: column (the entity), registry (relation), registry_column (default the same), active_from, active_until (columns of the
    registry, optional; they need time_column), warn, fail: dicts of missing_share, unknown_share (upper limits, 0 to 1); min_rows (default
    1: rows with an entity), group_by (list of columns of both).
  Rows: status, metric, value, threshold, message: one per limit that is passed.
-#}
{% test coverage(
    model, column, registry, registry_column=none, active_from=none, active_until=none, time_column=none, warn=none, fail=none, min_rows=1,
    group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{{ ml_monitor.limits_test(
    'coverage', ml_monitor.test_subject(model, column),
    ml_monitor.coverage(model, registry, column, registry_column, active_from, active_until, time_column, group_by),
    limits=[['missing_share', 'above'], ['unknown_share', 'above']],
    detail='{missing_entities} of {active_entities} active entities without rows'
        "{coalesce(', such as ' || substr(first_missing, 1, 100), '')}; {unknown_rows} of {row_count} rows unknown",
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by, rows='entity_rows'
) }}
{% endtest %}

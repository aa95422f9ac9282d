{#-
  The metrics of the group `reconciliation`, which compare the log with a declared source of truth: entries of metric_catalog.
  Arguments: spec (dict of monitor_spec).
-#}
{% macro reconciliation_catalog(spec) %}
    {#- What is missing may still come until then; what is too much or unknown is so at once. -#}
    {%- set due_at = ml_monitor.date_add('minute', spec.late_after_minutes, 'window_end') -%}
    {%- set not_due = 'when ' ~ due_at ~ ' > ' ~ ml_monitor.as_of() ~ " then 'rows_still_due' end" -%}
    {%- set no_count = "case when declared_rows is null then 'no_declared_count' " -%}
    {%- set is_sampled = ml_monitor.sampling_weight(spec) is not none -%}
    {%- set share = {'model': 'reconciliation', 'bounds': ['low', 'high'], 'unit': 'share of rows'} -%}
    {%- set rows = dict(share, category='contract', part='counts',
        detail=('{counted_rows} estimated from {current_rows} rows of a sample' if is_sampled else '{counted_rows} in the log')
            ~ ', {declared_rows} declared by stg_' ~ spec.name ~ '__counts') -%}
    {%- set entities = dict(share, category='quality', part='registry', grains=['day']) -%}
    {%- do return([
        dict(rows, metric='missing_row_share', sample='floor(expected_rows + 0.5)' if is_sampled else 'declared_rows',
            available_at=due_at, reason=no_count ~ not_due,
            description='Share of the rows that the service counted which the log does not have.'),
        dict(rows, metric='surplus_row_share', sample='current_rows' if is_sampled else 'counted_rows', reason=no_count ~ 'end',
            description='Share of the rows of the log which the service did not count.'),
        dict(entities, metric='missing_entity_share', unit='share of entities', sample='active_entities', available_at=due_at,
            description='Share of the entities that the registry holds as active which have no prediction on the day.',
            reason="case when active_entities = 0 then 'no_active_entities' " ~ not_due,
            detail='{seen_entities} of {active_entities} active entities have a prediction'),
        dict(entities, metric='unknown_entity_share', sample='entity_rows',
            description='Share of predictions whose entity the registry does not hold as active on the day.',
            detail='{unknown_entity_rows} of {entity_rows} rows, {null_entity_rows} without an entity'),
    ]) -%}
{% endmacro %}

{#-
  Model ml_deletions: the record of delete_entity, and what keeps deleted rows from coming back: the logs read it on every
  run. Append-only, not emptied by --full-refresh, and empty until somebody is deleted. One table for all monitors: it depends on none of
  them.

  Columns: deletions_columns.
-#}
{% macro deletions() %}
    {{- config(materialized='ml_monitor_table', full_refresh=false) -}}
-- ml_monitor.deletions()
-- delete_entity writes the rows.
{{ ml_monitor.empty_select(ml_monitor.deletions_columns()) }}
{% endmacro %}


{#-
  run-operation: deletes one entity from a monitor's logs, for good.

      dbt run-operation delete_entity --args '{monitor: flight_delay, entity_id: N12345, reason: request 4711}'

  Of its rows, and of the labels of its predictions, the logs keep the times and the version, so that rows in still equal rows
  out; all else is set to NULL. Rows of the entity from before as_of that staging still holds, and labels of its predictions that
  come later, are read as deleted. What the entity does afterwards is new, and logged as anybody's.
  The next dbt build counts the hours it was in anew. One transaction. What staging reads, and copies that consumers made, are
  the owner's to delete; the database frees the old pages in its own time (checkpoint, vacuum).

  Arguments: monitor (string), entity_id (string or number), reason (string, optional: kept on record).
  Raises: a compiler error if the monitor is not listed, declares no entity_id, is not built, or does not know the entity.
-#}
{% macro delete_entity(monitor, entity_id, reason='') %}
    {%- if execute -%}
        {%- if monitor not in ml_monitor.ml_monitors() -%}
            {%- do exceptions.raise_compiler_error('ml_monitor.delete_entity: no monitor ' ~ monitor ~ '; listed: '
                ~ ml_monitor.ml_monitors().keys() | join(', ')) -%}
        {%- endif -%}
        {%- set spec = ml_monitor.monitor_spec(monitor) -%}
        {%- set entity = ml_monitor.role_column(spec.inferences, 'entity_id') -%}
        {%- if not entity -%}
            {%- do exceptions.raise_compiler_error('ml_monitor.delete_entity: stg_' ~ monitor
                ~ '__inferences declares no column with role entity_id. Write:\n'
                ~ '    - {name: customer_id, data_type: string, config: {meta: {role: entity_id}}}') -%}
        {%- endif -%}
        {%- set text = ml_monitor.text_type() -%}
        {%- set inferences_log = ml_monitor.built_relation(monitor ~ '__inferences_log') -%}
        {%- set record = ml_monitor.built_relation('ml_deletions') -%}
        {%- set prediction_id = ml_monitor.role_column(spec.inferences, 'prediction_id') -%}
        {%- set is_entity = 'cast(' ~ entity ~ ' as ' ~ text ~ ') = ' ~ ml_monitor.string_literal(entity_id | string) -%}
        {%- set labels_log = ml_monitor.built_relation(monitor ~ '__labels_log') if ml_monitor.has_part(monitor, 'labels') else none -%}
        {%- set label_id = ml_monitor.role_column(spec.labels, 'prediction_id') -%}
        {%- set of_entity = label_id ~ ' in (select ' ~ prediction_id ~ ' from ' ~ inferences_log ~ ' where ' ~ is_entity ~ ')' -%}
        {%- set rows = run_query('select count(*) from ' ~ inferences_log ~ ' where ' ~ is_entity).rows[0][0] -%}
        {%- if rows == 0 -%}
            {%- do exceptions.raise_compiler_error('ml_monitor.delete_entity: no row of ' ~ inferences_log ~ ' has this ' ~ entity
                ~ '; nothing was changed') -%}
        {%- endif -%}
        {%- set labels = run_query('select count(*) from ' ~ labels_log ~ ' where ' ~ of_entity).rows[0][0] if labels_log else 0 -%}
        {%- set entry = ["'" ~ monitor ~ "'", "'" ~ invocation_id ~ "'"] -%}
        {%- set close = [ml_monitor.string_literal(reason), ml_monitor.timestamp_literal(run_started_at.strftime('%Y-%m-%d %H:%M:%S'))] -%}
        {%- set sql -%}
insert into {{ record }}
select {{ (entry + ["'entity'", dbt.hash(ml_monitor.string_literal(entity_id | string)), rows, labels,
    ml_monitor.as_of()] + close) | join(', ') }};
insert into {{ record }}
select distinct {{ (entry + ["'prediction'", dbt.hash(prediction_id), 0, 0,
    ml_monitor.timestamp_literal('9999-12-31 00:00:00')] + close) | join(', ') }}
from {{ inferences_log }}
where {{ is_entity }} and {{ prediction_id }} is not null;
{% if labels_log -%}
{{ ml_monitor.erase(labels_log, spec.labels, of_entity, ml_monitor.role_column(spec.labels, 'label_time'),
    ml_monitor.role_column(spec.labels, 'ingest_time') or ml_monitor.role_column(spec.labels, 'label_time')) }}
{%- endif %}
{{ ml_monitor.erase(inferences_log, spec.inferences, is_entity, ml_monitor.role_column(spec.inferences, 'event_time'),
    ml_monitor.role_column(spec.inferences, 'ingest_time')) }}
{%- endset -%}
        {%- call statement('delete_entity', auto_begin=true) -%}{{ sql }}{%- endcall -%}
        {%- do adapter.commit() -%}
        {%- do log('ml_monitor  ' ~ monitor ~ ': deleted ' ~ rows ~ ' rows and ' ~ labels ~ ' labels of one entity, on record in ' ~ record
            ~ ' as ' ~ invocation_id ~ '. dbt build counts the hours it was in anew.', info=true) -%}
    {%- endif -%}
{% endmacro %}


{#- The update that makes rows of a log say when they came, and no more, as keyed_log reads them from then on. -#}
{% macro erase(log, columns, condition, event_time, ingest_time) -%}
{%- set trusted = "ml_row_state <> 'quarantined'" -%}
update {{ log }}
set
    {%- for column in columns if column.role not in ml_monitor.roles_kept_of_deleted() %}
    {{ column.sql }} = null,
    {%- endfor %}
    {{ event_time }} = case when {{ trusted }} then {{ event_time }} end,
    ml_event_hour = case when {{ trusted }} then ml_event_hour else ml_ingest_hour end,
    ml_key_hash = {{ ml_monitor.key_hash(ml_monitor.erased_row_key(event_time, ingest_time, trusted)) }},
    ml_row_state = 'deleted',
    ml_quarantine_reason = 'deleted',
    ml_duplicate_kind = null,
    ml_is_replay = null,
    ml_batch = (select {{ ml_monitor.greatest_of([(run_started_at.timestamp() * 1000) | int, 'max(ml_batch) + 1']) }} from {{ log }})
where {{ condition }};
{%- endmacro %}


{#- The columns of ml_deletions. -#}
{% macro deletions_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'monitor',
        ['deletion_id', 'string', 'dbt invocation that deleted.'],
        ['subject', 'entity, or prediction for each prediction of the entity.'],
        ['key_hash', 'string', 'MD5 of the entity id or of the prediction id.'],
        ['deleted_rows', 'bigint', 'Rows of the inference log; 0 for predictions.'],
        ['deleted_labels', 'bigint', 'Rows of the label log; 0 for predictions.'],
        ['deleted_until', 'timestamp', 'Rows ingested before are deleted, whenever they become visible (UTC).'],
        ['reason', 'As given to delete_entity.'],
        ['deleted_at', 'timestamp', 'Start of the operation (UTC).'],
    ])) -%}
{% endmacro %}

{#-
  Faults of settings that would be accepted and have no effect: each needs something that the monitor does not declare.

  Arguments: monitor, table (strings), node (graph node of the staging model), file (string, for messages).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro unused_faults(monitor, table, node, file) %}
    {%- set faults = [] -%}
    {%- set path = node.name ~ '.config.meta.ml_monitor' -%}
    {%- set meta = node.config.meta.get('ml_monitor') or {} -%}
    {%- set head = 'config:\n  meta:\n    ml_monitor:\n      ' -%}
    {%- if table != 'inferences' -%}
        {%- if meta -%}
            {%- do faults.append({'file': file, 'key': path, 'found': 'settings of the monitor on its part ' ~ table, 'allowed': 'settings on stg_' ~ monitor ~ '__inferences only',
                'snippet': '- name: stg_' ~ monitor ~ '__inferences\n  ' ~ (head ~ (meta.keys() | first) ~ ': ...').replace('\n', '\n  ')}) -%}
        {%- endif -%}
    {%- else -%}
        {%- set windows = meta.get('drift_windows') or [] -%}
        {%- if meta.get('rolling_days') is not none and 'rolling' not in windows -%}
            {%- do faults.append({'file': file, 'key': path ~ '.rolling_days', 'found': 'rolling_days without rolling in drift_windows', 'allowed': 'rolling_days beside a rolling window',
                'snippet': head ~ 'drift_windows: [day, rolling]\n      rolling_days: ' ~ meta.rolling_days}) -%}
        {%- endif -%}
        {%- if meta.get('weekends_apart') is true and 'hour' not in windows -%}
            {%- do faults.append({'file': file, 'key': path ~ '.weekends_apart', 'found': 'weekends_apart without hour in drift_windows', 'allowed': 'weekends_apart beside windows of an hour',
                'snippet': head ~ 'drift_windows: [hour, day]\n      weekends_apart: true'}) -%}
        {%- endif -%}
        {%- if meta.get('positive_threshold') is not none and meta.get('task') in ['multiclass', 'regression'] -%}
            {%- do faults.append({'file': file, 'key': path ~ '.positive_threshold', 'found': 'positive_threshold of a ' ~ meta.task ~ ' task', 'allowed': 'positive_threshold of a binary task',
                'snippet': head ~ 'task: binary\n      positive_threshold: ' ~ meta.positive_threshold}) -%}
        {%- endif -%}
        {%- set arrivals = (ml_monitor.staging_columns(monitor, 'inferences') + (ml_monitor.staging_columns(monitor, 'labels') if ml_monitor.has_part(monitor, 'labels') else []))
            | selectattr('role', 'equalto', 'ingest_time') | list -%}
        {%- if meta.get('event_tolerance_minutes') is not none and not arrivals -%}
            {%- do faults.append({'file': file, 'key': path ~ '.event_tolerance_minutes', 'found': 'event_tolerance_minutes without a column with role ingest_time', 'allowed': 'event_tolerance_minutes where rows say when they arrived',
                'snippet': '- {name: ingest_time, data_type: timestamp, config: {meta: {role: ingest_time}}}'}) -%}
        {%- endif -%}
    {%- endif -%}
    {%- for column in node.columns.values() -%}
        {%- set column_meta = column.config.meta if column.config and column.config.meta else column.meta or {} -%}
        {%- set role = column_meta.get('role', 'context') -%}
        {%- set where = role ~ (' of ' ~ table if table != 'inferences' else '') -%}
        {%- set line = '- {name: ' ~ column.name ~ ', data_type: ' ~ (column.data_type or 'double') ~ ', config: {meta: {role: ' ~ role ~ '}}}' -%}
        {%- set counted = (role in ['feature', 'score', 'prediction', 'latency_ms'] or column_meta.get('hard', false)) if table == 'inferences'
            else role in {'labels': ['label'], 'reference': ['label'], 'offline': ['feature']}.get(table, []) -%}
        {%- for key, is_used, allowed in [
            ['kind', counted, 'on monitored columns of the inferences (feature, score, prediction, latency_ms), with hard: true also on others; on the label, and on features of offline'],
            ['inference_column', role == 'join_key' and table in ml_monitor.lookups(monitor), 'on columns of a lookup with role join_key'],
            ['unit', table == 'inferences', 'on columns of the inferences'],
            ['importance', table == 'inferences', 'on columns of the inferences'],
            ['personal', table == 'inferences', 'on columns of the inferences'],
        ] if column_meta.get(key) is not none and not is_used -%}
            {%- do faults.append({'file': file, 'key': node.name ~ '.columns.' ~ column.name ~ '.config.meta.' ~ key, 'found': key ~ ' on a column with role ' ~ where, 'allowed': allowed, 'snippet': line}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}

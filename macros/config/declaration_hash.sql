{#-
  Hash of what a table of a monitor is computed from, as declared: a row built under another hash is built again, and no other.
  Who owns a monitor and what a column is worth change no number and are in none.

  Arguments: spec (dict of monitor_spec), table (string, a key below).
  Returns: string of 32 hexadecimal digits.
-#}
{% macro declaration_hash(spec, table) %}
    {%- set roles = ml_monitor.declared_roles(spec.inferences) -%}
    {%- set label_roles = ml_monitor.declared_roles(spec.labels) -%}
    {%- set segments = ml_monitor.segment_columns(spec) -%}
    {%- set clocks = [roles.get('event_time'), roles.get('ingest_time')] -%}
    {%- set profile = [ml_monitor.counted_columns(spec), clocks, roles.get('model_version'), segments, spec.hourly_retention_days] -%}
    {%- set volume = [roles, segments, spec.late_after_minutes] -%}
    {%- set outcomes = [
        spec.task, spec.positive_threshold, spec.error_tolerance, roles, label_roles, ml_monitor.outcome_classes(spec), segments,
        spec.hourly_retention_days, spec.event_tolerance_minutes, ml_monitor.label_delays(spec), spec.class_scores or [],
        ml_monitor.counted_metrics(spec),
    ] -%}
    {%- set embeddings = [
        ml_monitor.columns_of_role(spec, 'embedding', ['name', 'sql', 'dimensions']), clocks, roles.get('model_version'),
        spec.hourly_retention_days,
    ] -%}
    {%- set joins = [spec.joins, roles.get('prediction_id'), label_roles.get('prediction_id')] -%}
    {%- set relations = [spec.get('relations', []), roles.get('model_version'), spec.hourly_retention_days] -%}
    {%- set ns = namespace(told=[]) -%}
    {%- for column in ml_monitor.told_features(spec) -%}{%- set ns.told = ns.told + [[column.sql, column.kind]] -%}{%- endfor -%}
    {%- set of = {
        'inferences_log': [
            ml_monitor.logged_columns(spec.inferences), spec.event_tolerance_minutes, spec.event_not_before, spec.replay_after_minutes,
            spec.rules | selectattr('hard') | list,
        ],
        'labels_log': [ml_monitor.logged_columns(spec.labels), spec.event_tolerance_minutes, spec.replay_after_minutes],
        'hourly_profile': profile,
        'hourly_volume': volume,
        'hourly_outcomes': outcomes,
        'hourly_joins': joins,
        'data_quality': [profile, ml_monitor.label_names(spec)],
        'label_leak': [spec.task, ns.told, ml_monitor.declared_roles(spec.reference)],
        'drift': [
            profile, spec.settings, spec.drift_windows, spec.weekends_apart,
            spec.time_zone if 'hour' in spec.drift_windows else none, spec.inferences | map(attribute='unit') | list,
        ],
        'volume': [volume, spec.settings, spec.time_zone, spec.inferences | map(attribute='shares', default=none) | select | list],
        'freshness': volume,
        'performance': [
            outcomes, spec.label_horizon_hours, spec.protected or [],
            spec.inferences | selectattr('role', 'equalto', 'prediction') | map(attribute='unit') | list,
        ],
        'join_cardinality': joins,
        'reconciliation': [
            volume, ml_monitor.declared_roles(spec.get('counts', [])), ml_monitor.declared_roles(spec.get('registry', [])),
            roles.get('entity_id'),
        ],
        'parity': [volume, ml_monitor.compared_columns(spec), ml_monitor.declared_roles(spec.get('offline', [])), roles.get('entity_id')],
        'hourly_relations': relations,
        'relations': [relations, spec.settings],
        'quality_score': [profile, volume, label_roles, spec.get('quality_weights')],
        'hourly_embeddings': embeddings,
        'embeddings': [embeddings, spec.settings],
        'attributions': [profile, ml_monitor.columns_of_role(spec, 'attribution', ['name', 'of']), spec.settings],
    } -%}
    {%- do return(local_md5(tojson([ml_monitor.counting_version(), of[table]], sort_keys=true))) -%}
{% endmacro %}


{#- Raised when tables come to hold other numbers under the same declaration: an upgrade then builds them again. -#}
{% macro counting_version() %}{% do return(6) %}{% endmacro %}


{#- The column of each role, by its SQL name. -#}
{% macro declared_roles(columns) %}
    {%- set roles, repeated = {}, ml_monitor.repeated_roles() -%}
    {%- for column in columns if column.role not in repeated -%}{%- do roles.update({column.role: column.sql}) -%}{%- endfor -%}
    {%- do return(roles) -%}
{% endmacro %}


{#- Some keys of the inference columns of a role. Arguments: spec, role (string), keys (list). Returns: list of lists. -#}
{% macro columns_of_role(spec, role, keys) %}
    {%- set ns = namespace(rows=[]) -%}
    {%- for column in spec.inferences if column.role == role -%}
        {%- set row = namespace(values=[]) -%}
        {%- for key in keys -%}{%- set row.values = row.values + [column[key]] -%}{%- endfor -%}
        {%- set ns.rows = ns.rows + [row.values] -%}
    {%- endfor -%}
    {%- do return(ns.rows) -%}
{% endmacro %}


{#- The segments with the columns they are read from, and how many values of each are counted. -#}
{% macro segment_columns(spec) %}
    {%- set ns = namespace(pairs=[]) -%}
    {%- for segment in spec.segments -%}
        {%- set ns.pairs = ns.pairs + [[segment, ml_monitor.segment_text(spec, segment), spec.settings.segment_cap]] -%}
    {%- endfor -%}
    {%- do return(ns.pairs) -%}
{% endmacro %}


{#- The monitored columns, less what does not change how they are counted, or is another text on every engine. -#}
{% macro counted_columns(spec) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in ml_monitor.monitored_columns(spec) -%}
        {%- set column = dict(column, importance=none, inference_column=none, unit=none, max_null_rate=none, hard=none,
            source_sql=none) -%}
        {%- for key in ['dimensions', 'of'] if key in column -%}{%- do column.update({key: none}) -%}{%- endfor -%}
        {%- set ns.columns = ns.columns + [column] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#- The columns of a log: names, types and order, the roles that rows are read by, and what a score or a hard column must keep. -#}
{% macro logged_columns(columns) %}
    {%- set read_by = ['prediction_id', 'event_time', 'ingest_time', 'label_time', 'label', 'score', 'request_id', 'sampling_fraction'] -%}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in columns -%}
        {%- set role = column.role if column.role in read_by else none -%}
        {%- set ns.columns = ns.columns + [[column.name, column.data_type, role]
            + ([column.min, column.max] if role == 'score' or column.hard else [])
            + ([column.accepted_values, column.pattern, column.max_null_rate] if column.hard else [])] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#- What metrics of the monitor's own are made of; what they are called and how they are judged changes no number. -#}
{% macro counted_metrics(spec) %}
    {%- set ns = namespace(metrics=[]) -%}
    {%- for metric in spec.metrics or [] if metric.numerator -%}
        {%- set ns.metrics = ns.metrics + [[metric.name, (metric.numerator | string).split(), (metric.denominator or '').split()]] -%}
    {%- endfor -%}
    {%- do return(ns.metrics) -%}
{% endmacro %}

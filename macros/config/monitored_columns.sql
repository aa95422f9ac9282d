{#-
  The columns a monitor is watched by: features, score and prediction, the norm of each embedding (`__<column>_norm__`), the magnitude
  of each attribution, the declared proxies of the score, the two clocks every service has, and one for each rule: `kept` or `broken`, by
  the name of the rule. That no feature is younger than its prediction is a rule of every column with role feature_time.

  Arguments: spec (dict of monitor_spec; the list is kept in it).
  Returns: list of columns as in monitor_spec, plus
    source_sql     the expression to count
    expression     rules and proxies only: what `source_sql` is the name of
    classes        of categories: the type_class of all sides, as value_text wants them
    scope          `all` when versions are judged together, `version` when each has its own baseline, as scores have
    edges          how many reference edges
    in_reference   whether the training set has the column
-#}
{% macro monitored_columns(spec) %}
    {%- if 'monitored_columns' not in spec -%}
        {%- do spec.update({'monitored_columns': ml_monitor.columns_to_monitor(spec)}) -%}
    {%- endif -%}
    {%- do return(spec.monitored_columns) -%}
{% endmacro %}


{#- What monitored_columns returns. -#}
{% macro columns_to_monitor(spec) %}
    {%- set columns = [] -%}
    {%- set reference_names = spec.reference | map(attribute='name') | list -%}
    {%- for column in spec.inferences if column.role in ['feature', 'score', 'prediction', 'latency_ms'] -%}
        {%- set is_output = column.role in ['score', 'prediction'] -%}
        {%- set kind = 'categorical' if column.role == 'prediction' and spec.task != 'regression' else column.kind -%}
        {%- set counted = dict(column, kind=kind, scope='version' if is_output else 'all', edges=20 if is_output else 11,
            in_reference=column.name in reference_names) -%}
        {%- do counted.update({'source_sql': ml_monitor.monitored_value(counted)}) -%}
        {%- if kind == 'categorical' -%}{%- do counted.update(ml_monitor.sides_of(spec, counted)) -%}{%- endif -%}
        {%- do columns.append(counted) -%}
    {%- endfor -%}
    {%- for column in spec.inferences if column.role in ['embedding', 'attribution'] -%}
        {%- set name = ml_monitor.norm_name(column) if column.role == 'embedding' else column.name -%}
        {%- do columns.append(dict(column, name=name, kind='numeric', source_sql=ml_monitor.monitored_value(column),
            scope='version' if column.role == 'attribution' else 'all', edges=11, in_reference=column.name in reference_names)) -%}
    {%- endfor -%}
    {%- set plain = dict(ml_monitor.column_defaults(), data_type='double', kind='numeric', scope='all', edges=11, in_reference=false,
        classes=[]) -%}
    {%- set ingest_time = ml_monitor.role_column(spec.inferences, 'ingest_time') -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- if ingest_time and event_time -%}
        {%- do columns.append(dict(plain, name='__ingest_lag_minutes__', sql='__ingest_lag_minutes__', role='ingest_lag',
            source_sql=ml_monitor.minutes_between(event_time, ingest_time))) -%}
    {%- endif -%}
    {%- for proxy in ml_monitor.score_proxies(spec) -%}
        {%- do columns.append(dict(plain, name=proxy.name, sql='(' ~ proxy.expression ~ ')', role='proxy', kind=proxy.kind,
            data_type='double' if proxy.kind == 'numeric' else 'boolean', source_sql='ml_proxy_' ~ loop.index,
            expression=proxy.expression, scope='version', edges=20)) -%}
    {%- endfor -%}
    {%- for rule in ml_monitor.counted_rules(spec) -%}
        {%- set expression = "case when " ~ rule.condition ~ " then 'kept' when not (" ~ rule.condition ~ ") then 'broken' end" -%}
        {%- do columns.append(dict(plain, name=rule.name, sql=rule.name, role=rule.role, data_type='string', kind='categorical',
            accepted_values=['kept'], source_sql='ml_rule_' ~ loop.index, expression=expression)) -%}
    {%- endfor -%}
    {%- do return(columns) -%}
{% endmacro %}


{#-
  What a categorical column is compared with, and its declared values as they are compared.
  Arguments: spec (dict of monitor_spec), column (of it). Returns: dict classes, accepted_values, default_value.
-#}
{% macro sides_of(spec, column) %}
    {%- set reference = spec.reference | selectattr('name', 'equalto', column.name) | list -%}
    {%- set features = spec.get('offline', []) | selectattr('role', 'equalto', 'feature') -%}
    {%- set offline = features | selectattr('name', 'equalto', column.name) | list -%}
    {%- set is_prediction = column.role == 'prediction' -%}
    {%- set labels = (spec.labels + spec.reference) | selectattr('role', 'equalto', 'label') | list if is_prediction else [] -%}
    {%- set classes = ([column] + reference + offline + labels) | map(attribute='class', default='text') | unique | sort | list -%}
    {%- set default = column.default_value -%}
    {%- do return({
        'classes': classes,
        'accepted_values': ml_monitor.texts_of(column.accepted_values, column.data_type, classes),
        'default_value': ml_monitor.literal_text(default, column.data_type, classes) if default is not none else none,
    }) -%}
{% endmacro %}


{#-
  The rules whose breaches are counted: the soft ones, since rows that break a hard one are in quarantine, and for each column
  with role feature_time that it is not after the event.
  Returns: list of {name, condition (SQL), role (`rule` or `feature_time`)}.
-#}
{% macro counted_rules(spec) %}
    {%- set rules = [] -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- for rule in spec.rules if not rule.hard -%}
        {%- do rules.append({'name': rule.name, 'condition': '(' ~ rule.condition ~ ')', 'role': 'rule'}) -%}
    {%- endfor -%}
    {%- for column in spec.inferences if column.role == 'feature_time' -%}
        {%- do rules.append({'name': column.name, 'condition': column.sql ~ ' <= ' ~ event_time, 'role': 'feature_time'}) -%}
    {%- endfor -%}
    {%- do return(rules) -%}
{% endmacro %}

{#-
  One monitor's declaration as a plain dict. The only reader of `graph` beside the validator, which it shares.

  While dbt parses, `graph` is empty: the dict then has the same keys and no columns. In dbt unit tests `graph` is empty
  too; they override this macro.

  Arguments: monitor (string).
  Returns: dict, made once in a run, with
    name, task, owner, time_zone, segments (list of names), segment_columns (dict of name -> columns), label_horizon_hours, late_after_minutes, event_tolerance_minutes,
    positive_threshold, hourly_retention_days (none: hours are kept), event_not_before, replay_after_minutes,
    drift_windows (day, and as declared hour, week, rolling), rolling_days, weekends_apart (boolean), proxies (list), near_threshold_margin,
    golden_periods (dict of name -> [from, until], as text),
    rules                           list of {name, condition (SQL that a good row keeps), hard (boolean)}
    settings                        dict of the settings that change what is computed
    inferences, labels, reference   lists of columns {name, sql, data_type, role, kind, min, max, accepted_values, pattern,
                                    hard, max_null_rate, exact_distinct, default_value, unit, importance}; `sql` is the name as
                                    SQL writes it. Embeddings also have `dimensions`, attributions `of` (a feature)
    joins                           list of {name, on: [[inference column sql, lookup column sql], ...]}
    counts, registry, offline       lists of columns, as above
    relations                       list of the pairs of declared_relations; empty without that part
    quality_weights                 dict of the parts of the quality score -> weight; the weights add up to 1
    declaration_hash                of the whole declaration; tables have their own, see declaration_hash
  Raises: every fault of the monitor's declaration, if there is one.
-#}
{% macro monitor_spec(monitor) %}
    {#- The hook on-run-start of these commands has validated every monitor: a second time for each model took seconds. -#}
    {%- if execute and flags.WHICH not in ['build', 'run', 'test'] -%}
        {%- set faults = ml_monitor.declaration_faults(monitor) -%}
        {%- if faults -%}{%- do ml_monitor.raise_declaration_faults(faults) -%}{%- endif -%}
    {%- endif -%}
    {#- Forty models ask, and making one takes as long as dbt takes for a node. -#}
    {%- set specs = ml_monitor.kept_in_this_run().setdefault('specs', {}) -%}
    {%- if monitor not in specs -%}{%- do specs.update({monitor: ml_monitor.declared_spec(monitor)}) -%}{%- endif -%}
    {%- do return(specs[monitor]) -%}
{% endmacro %}


{#- What monitor_spec returns, made from the YAML of the staging models. -#}
{% macro declared_spec(monitor) %}
    {%- set inferences = ml_monitor.staging_columns(monitor, 'inferences') -%}
    {%- set meta = ml_monitor.staging_meta(monitor, 'inferences') -%}
    {%- set ns = namespace(joins=[]) -%}
    {%- for lookup in ml_monitor.lookups(monitor) -%}
        {%- set pairs = namespace(on=[]) -%}
        {%- for column in ml_monitor.staging_columns(monitor, lookup) if column.role == 'join_key' -%}
            {%- for own in inferences if own.name == column.inference_column -%}
                {%- set pairs.on = pairs.on + [[own.sql, column.sql]] -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set ns.joins = ns.joins + [{'name': lookup, 'on': pairs.on}] -%}
    {%- endfor -%}
    {%- set segment_columns = ml_monitor.declared_segments(meta) -%}
    {%- set spec = {
        'name': monitor,
        'task': meta.get('task', 'binary'),
        'owner': meta.get('owner', ''),
        'time_zone': meta.get('time_zone', 'UTC'),
        'segments': segment_columns | list,
        'segment_columns': segment_columns,
        'label_horizon_hours': meta.get('label_horizon_hours', 24),
        'late_after_minutes': meta.get('late_after_minutes', 60),
        'event_tolerance_minutes': meta.get('event_tolerance_minutes', 10),
        'positive_threshold': meta.get('positive_threshold', 0.5),
        'hourly_retention_days': meta.get('hourly_retention_days'),
        'event_not_before': meta.get('event_not_before', '2000-01-01') | string,
        'replay_after_minutes': meta.get('replay_after_minutes', 60),
        'drift_windows': ['day'] + (meta.get('drift_windows') or []) | reject('equalto', 'day') | list,
        'rolling_days': meta.get('rolling_days', 7),
        'weekends_apart': meta.get('weekends_apart', false),
        'proxies': meta.get('proxies') or [],
        'near_threshold_margin': meta.get('near_threshold_margin', 0.05),
        'golden_periods': ml_monitor.declared_golden_periods(meta),
        'rules': ml_monitor.declared_rules(meta),
        'inferences': inferences,
        'labels': ml_monitor.staging_columns(monitor, 'labels') if ml_monitor.has_part(monitor, 'labels') else [],
        'reference': ml_monitor.staging_columns(monitor, 'reference') if ml_monitor.has_part(monitor, 'reference') else [],
        'joins': ns.joins,
        'counts': ml_monitor.staging_columns(monitor, 'counts') if ml_monitor.has_part(monitor, 'counts') else [],
        'registry': ml_monitor.staging_columns(monitor, 'registry') if ml_monitor.has_part(monitor, 'registry') else [],
        'offline': ml_monitor.staging_columns(monitor, 'offline') if ml_monitor.has_part(monitor, 'offline') else [],
        'relations': ml_monitor.declared_relations(meta, inferences) if ml_monitor.has_part(monitor, 'relations') else [],
        'quality_weights': ml_monitor.quality_weights(meta),
        'settings': {
            'baseline_days': ml_monitor.setting('baseline_days'),
            'baseline_min_rows': ml_monitor.setting('baseline_min_rows'),
            'baseline_max_faulty_share': ml_monitor.setting('baseline_max_faulty_share'),
            'calibrated_windows': ml_monitor.setting('calibrated_windows'),
            'category_cap': ml_monitor.setting('category_cap'),
            'segment_cap': ml_monitor.setting('segment_cap'),
        },
    } -%}
    {%- do spec.update({'declaration_hash': local_md5(tojson(spec, sort_keys=true))}) -%}
    {%- do return(spec) -%}
{% endmacro %}


{#- The graph node of a staging model, or none. `table`: inferences, or a part. -#}
{% macro staging_node(monitor, table) %}{% do return(ml_monitor.model_node('stg_' ~ monitor ~ '__' ~ table)) %}{% endmacro %}


{#- The `config.meta.ml_monitor` dict of a staging model; empty if there is none. -#}
{% macro staging_meta(monitor, table) %}
    {%- set node = ml_monitor.staging_node(monitor, table) -%}
    {%- do return(node.config.meta.get('ml_monitor', {}) if node else {}) -%}
{% endmacro %}


{#- The columns of a staging model with their declared meaning. -#}
{% macro staging_columns(monitor, table) %}
    {%- set node = ml_monitor.staging_node(monitor, table) -%}
    {%- set ns = namespace(columns=[]) -%}
    {%- if node -%}
        {#- Every model of a monitor reads some eighty columns: a macro call for each of their keys took a tenth of a run. -#}
        {%- set float_type = ml_monitor.float_type() -%}
        {%- set kinds = {} -%}
        {%- for column in node.columns.values() -%}
            {%- if column.data_type not in kinds -%}{%- do kinds.update({column.data_type: ml_monitor.kind_of_type(column.data_type)}) -%}{%- endif -%}
            {%- set meta = column.config.meta if column.config and column.config.meta else column.meta or {} -%}
            {%- set ns.columns = ns.columns + [{
                'name': column.name,
                'sql': adapter.quote(column.name) if column.quote else column.name,
                'data_type': {float_type: 'double', float_type ~ '[]': 'double[]'}.get(column.data_type, column.data_type),
                'role': meta.get('role', 'context'),
                'kind': meta.get('kind', kinds[column.data_type]),
                'min': meta.get('min'),
                'max': meta.get('max'),
                'accepted_values': ml_monitor.texts_of(meta.accepted_values) if 'accepted_values' in meta else [],
                'pattern': meta.get('pattern'),
                'hard': meta.get('hard', false),
                'max_null_rate': meta.get('max_null_rate'),
                'exact_distinct': meta.get('exact_distinct', false),
                'default_value': ml_monitor.texts_of([meta.default_value])[0] if 'default_value' in meta else none,
                'unit': meta.get('unit'),
                'importance': meta.get('importance'),
                'personal': meta.get('personal', false),
                'inference_column': meta.get('inference_column', column.name),
            }] -%}
            {%- if meta.get('role') == 'embedding' -%}
                {%- do ns.columns[-1].update({'dimensions': meta.get('dimensions', ml_monitor.dimensions_of_type(column.data_type))}) -%}
            {%- elif meta.get('role') == 'attribution' -%}
                {%- do ns.columns[-1].update({'of': meta.get('of')}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#- The declared segments: dict of name -> list of columns. Columns that are crossed are named with ` * ` between them. -#}
{% macro declared_segments(meta) %}
    {%- set segments = {} -%}
    {%- for segment in meta.get('segments') or [] -%}
        {%- if segment is string -%}{%- do segments.update({segment: [segment]}) -%}
        {%- elif segment is not mapping and segment is iterable -%}{%- do segments.update({segment | join(' * '): segment}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(segments) -%}
{% endmacro %}


{#- The declared golden periods: dict of name -> [from, until], as text. YAML reads a bare 2013-06-01 as a date. -#}
{% macro declared_golden_periods(meta) %}
    {%- set periods = {} -%}
    {%- for name, ends in (meta.get('golden_periods') or {}).items() -%}{%- do periods.update({name: ends | map('string') | list}) -%}{%- endfor -%}
    {%- do return(periods) -%}
{% endmacro %}


{#-
  The text a row of the log (alias `log`) has in a segment, before it is named: of one column, or of several that are crossed,
  with ` * ` between them. A star within a value is doubled, so that no two rows of different values share a text.
  Arguments: spec, segment (string: its name). Returns: SQL; NULL where a segment of one column is.
-#}
{% macro segment_text(spec, segment) %}
    {%- set ns = namespace(texts=[]) -%}
    {%- for column in spec.segment_columns[segment] -%}
        {%- set ns.texts = ns.texts + ['cast(log.' ~ ml_monitor.sql_name(spec, column) ~ ' as ' ~ ml_monitor.text_type() ~ ')'] -%}
    {%- endfor -%}
    {%- if ns.texts | length == 1 -%}{%- do return(ns.texts[0]) -%}{%- endif -%}
    {%- set parts = namespace(texts=[]) -%}
    {%- for text in ns.texts -%}{%- set parts.texts = parts.texts + ["coalesce(replace(" ~ text ~ ", '*', '**'), '__null__')"] -%}{%- endfor -%}
    {%- do return(parts.texts | join(" || ' * ' || ")) -%}
{% endmacro %}


{#- Values of a declaration with booleans as databases write them: true, not True. -#}
{% macro texts_of(values) %}
    {%- if values is string or values is mapping or values is not iterable -%}{%- do return(values) -%}{%- endif -%}
    {%- set ns = namespace(texts=[]) -%}
    {%- for value in values -%}{%- set ns.texts = ns.texts + [value | string | lower if value is boolean else value] -%}{%- endfor -%}
    {%- do return(ns.texts) -%}
{% endmacro %}


{#- The rules of a monitor that its meta declares, with their defaults. -#}
{% macro declared_rules(meta) %}
    {%- set ns = namespace(rules=[]) -%}
    {%- for rule in meta.get('rules') or [] if rule is mapping -%}
        {%- set ns.rules = ns.rules + [{'name': rule.get('name'), 'condition': rule.get('condition'), 'hard': rule.get('hard', false)}] -%}
    {%- endfor -%}
    {%- do return(ns.rules) -%}
{% endmacro %}


{#- `numeric` or `categorical`, from a declared data type. -#}
{% macro kind_of_type(data_type) %}
    {%- set base = (data_type or '').lower().split('(')[0].strip() -%}
    {%- do return('numeric' if base in ml_monitor.numeric_types() else 'categorical') -%}
{% endmacro %}


{% macro numeric_types() %}
    {%- do return([
        'double', 'double precision', 'float', 'float4', 'float8', 'float64', 'real', 'int', 'int4', 'int8', 'int64', 'integer',
        'bigint', 'smallint', 'tinyint', 'hugeint', 'ubigint', 'uinteger', 'usmallint', 'utinyint', 'uhugeint', 'numeric', 'decimal', 'number',
    ]) -%}
{% endmacro %}


{#- The type of the elements of a declared array type (`double[]`, `float[384]`, `array<double>`), none if it is no array. -#}
{% macro element_type(data_type) %}
    {%- set parts = modules.re.match('^(?:array<(.+)>|(.+?) ?\\[[0-9]*\\])$', (data_type or '').lower().strip()) -%}
    {%- do return((parts.group(1) or parts.group(2)) if parts else none) -%}
{% endmacro %}


{#- The number of elements that a declared array type is fixed to, such as 384 of `float[384]`; none if it is not. -#}
{% macro dimensions_of_type(data_type) %}
    {%- set parts = modules.re.match('^.+\\[([0-9]+)\\]$', (data_type or '').strip()) -%}
    {%- do return(parts.group(1) | int if parts else none) -%}
{% endmacro %}


{#- Whether a declared data type is a text, of any length. -#}
{% macro is_text_type(data_type) %}
    {%- set base = (data_type or '').lower().split('(')[0].strip() -%}
    {%- do return(base in ['string', 'text', 'varchar', 'char', 'bpchar', 'character', 'character varying']) -%}
{% endmacro %}


{#- The SQL name of the column that has a role, or none. `columns` is a list of a spec. -#}
{% macro role_column(columns, role) %}
    {%- set found = columns | selectattr('role', 'equalto', role) | list -%}
    {%- do return(found[0].sql if found else none) -%}
{% endmacro %}


{#- The SQL name of an inference column by its declared name. -#}
{% macro sql_name(spec, name) %}
    {%- set found = spec.inferences | selectattr('name', 'equalto', name) | list -%}
    {%- do return(found[0].sql if found else name) -%}
{% endmacro %}


{#-
  The columns a monitor is watched by: features, score and prediction, the norm of each embedding (`__<column>_norm__`), the magnitude
  of each attribution, the declared proxies of the score, the two clocks every service has, and one for each rule: `kept` or `broken`, by
  the name of the rule. That no feature is younger than its prediction is a rule of every column with role feature_time.

  Returns: list of columns as in monitor_spec, plus `source_sql`, the expression to count, `expression` (rules and proxies only: what
  `source_sql` is the name of), `scope` ('all' when versions are
  judged together, 'version' when each has its own baseline, as scores have), `edges`, how many reference edges, and
  `in_reference`, whether the training set has the column.
-#}
{% macro monitored_columns(spec) %}
    {#- Kept beside the declaration that they are made of. -#}
    {%- if 'monitored_columns' not in spec -%}{%- do spec.update({'monitored_columns': ml_monitor.columns_to_monitor(spec)}) -%}{%- endif -%}
    {%- do return(spec.monitored_columns) -%}
{% endmacro %}


{#- What monitored_columns returns. -#}
{% macro columns_to_monitor(spec) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- set reference_names = spec.reference | map(attribute='name') | list -%}
    {%- for column in spec.inferences if column.role in ['feature', 'score', 'prediction', 'latency_ms'] -%}
        {%- set is_output = column.role in ['score', 'prediction'] -%}
        {%- set kind = 'categorical' if column.role == 'prediction' and spec.task != 'regression' else column.kind -%}
        {%- set column = dict(column, kind=kind, source_sql=column.sql, scope='version' if is_output else 'all',
            edges=20 if is_output else 11, in_reference=column.name in reference_names) -%}
        {%- set ns.columns = ns.columns + [column] -%}
    {%- endfor -%}
    {%- for column in spec.inferences if column.role in ['embedding', 'attribution'] -%}
        {%- set name = ml_monitor.norm_name(column) if column.role == 'embedding' else column.name -%}
        {%- set ns.columns = ns.columns + [dict(column, name=name, kind='numeric', source_sql=ml_monitor.monitored_value(column),
            scope='version' if column.role == 'attribution' else 'all', edges=11, in_reference=column.name in reference_names)] -%}
    {%- endfor -%}
    {%- set ingest_time = ml_monitor.role_column(spec.inferences, 'ingest_time') -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set plain = {
        'data_type': 'double', 'kind': 'numeric', 'min': none, 'max': none, 'accepted_values': [], 'pattern': none, 'hard': false, 'max_null_rate': none,
        'exact_distinct': false, 'default_value': none, 'unit': none, 'importance': none, 'scope': 'all', 'edges': 11, 'in_reference': false,
    } -%}
    {%- if ingest_time and event_time -%}
        {%- set ns.columns = ns.columns + [dict(plain, name='__ingest_lag_minutes__', sql='__ingest_lag_minutes__', role='ingest_lag',
            source_sql=ml_monitor.minutes_between(event_time, ingest_time))] -%}
    {%- endif -%}
    {%- for proxy in ml_monitor.score_proxies(spec) -%}
        {%- set ns.columns = ns.columns + [dict(plain, name=proxy.name, sql='(' ~ proxy.expression ~ ')', role='proxy', data_type='double' if proxy.kind == 'numeric' else 'boolean',
            kind=proxy.kind, source_sql='ml_proxy_' ~ loop.index, expression=proxy.expression, scope='version', edges=20)] -%}
    {%- endfor -%}
    {%- for rule in ml_monitor.counted_rules(spec) -%}
        {%- set ns.columns = ns.columns + [dict(plain, name=rule.name, sql=rule.name, role=rule.role, data_type='string', kind='categorical', accepted_values=['kept'],
            source_sql='ml_rule_' ~ loop.index, expression="case when " ~ rule.condition ~ " then 'kept' when not (" ~ rule.condition ~ ") then 'broken' end")] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#- The name that the norm of an embedding is watched by. -#}
{% macro norm_name(column) %}{% do return('__' ~ column.name ~ '_norm__') %}{% endmacro %}


{#-
  What is counted of a column of a log, as SQL: its value, the norm of an embedding, the magnitude of an attribution.
  Arguments: column (of a spec), prefix (string, such as `log.`).
-#}
{% macro monitored_value(column, prefix='') %}
    {%- set value = prefix ~ column.sql -%}
    {%- if column.role == 'embedding' -%}{%- do return(ml_monitor.vector_norm(value)) -%}{%- endif -%}
    {%- do return('abs(' ~ ml_monitor.float64(value) ~ ')' if column.role == 'attribution' else value) -%}
{% endmacro %}


{#-
  The rules whose breaches are counted: the soft ones, since rows that break a hard one are in quarantine, and for each column
  with role feature_time that it is not after the event.
  Returns: list of {name, condition (SQL), role (`rule` or `leakage`)}.
-#}
{% macro counted_rules(spec) %}
    {%- set ns = namespace(rules=[]) -%}
    {%- for rule in spec.rules if not rule.hard -%}
        {%- set ns.rules = ns.rules + [{'name': rule.name, 'condition': '(' ~ rule.condition ~ ')', 'role': 'rule'}] -%}
    {%- endfor -%}
    {%- for column in spec.inferences if column.role == 'feature_time' -%}
        {%- set ns.rules = ns.rules + [{'name': column.name, 'condition': column.sql ~ ' <= ' ~ ml_monitor.role_column(spec.inferences, 'event_time'), 'role': 'leakage'}] -%}
    {%- endfor -%}
    {%- do return(ns.rules) -%}
{% endmacro %}


{#- The categories of a monitored column that are known without looking at data, in their order; none for declared columns. -#}
{% macro fixed_categories(column) %}
    {%- do return(['kept', 'broken'] if column.role in ml_monitor.rule_roles() else ['no', 'yes'] if column.role == 'proxy' else []) -%}
{% endmacro %}


{#- The roles of monitored columns that stand for a rule. -#}
{% macro rule_roles() %}
    {%- do return(['rule', 'leakage']) -%}
{% endmacro %}


{#-
  The features that the offline table has too, with how both sides are read: numbers as they are, categories as text.

  Arguments: spec (dict of monitor_spec).
  Returns: list of dicts name, kind, position (from 1), offline_sql, serving_value, offline_value (SQL; the log has alias `log`).
-#}
{% macro compared_columns(spec) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in spec.get('offline', []) if column.role == 'feature' -%}
        {%- for own in spec.inferences if own.role == 'feature' and own.name == column.name -%}
            {%- set values = ['log.' ~ own.sql, column.sql] -%}
            {%- if own.kind == 'categorical' -%}
                {%- set values = ['cast(log.' ~ own.sql ~ ' as ' ~ ml_monitor.text_type() ~ ')', 'cast(' ~ column.sql ~ ' as ' ~ ml_monitor.text_type() ~ ')'] -%}
            {%- endif -%}
            {%- set ns.columns = ns.columns + [{
                'name': own.name, 'kind': own.kind, 'position': ns.columns | length + 1, 'offline_sql': column.sql,
                'serving_value': values[0], 'offline_value': values[1],
            }] -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#-
  The features whose training set is asked how well they alone tell the label; none for more than two classes, and without a label.
  Arguments: spec (dict of monitor_spec). Returns: list of columns as in monitored_columns.
-#}
{% macro told_features(spec) %}
    {%- if spec.task == 'multiclass' or not ml_monitor.role_column(spec.reference, 'label') -%}{%- do return([]) -%}{%- endif -%}
    {%- do return(ml_monitor.monitored_columns(spec) | selectattr('role', 'equalto', 'feature') | selectattr('in_reference') | list) -%}
{% endmacro %}


{#- The names of the label, in the labels and in the training set. Arguments: spec (dict of monitor_spec). Returns: list of strings. -#}
{% macro label_names(spec) %}
    {%- do return((spec.labels + spec.reference) | selectattr('role', 'equalto', 'label') | map(attribute='name') | unique | list) -%}
{% endmacro %}

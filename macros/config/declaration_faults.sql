{#-
  The faults of one monitor's declaration: staging YAML against what ml_monitor understands.

  Arguments: monitor (string).
  Returns: list of dicts {file, key, found, allowed, snippet}; empty when all is well or while dbt parses.
-#}
{% macro declaration_faults(monitor) %}
    {%- set faults = [] -%}
    {%- if not execute or not graph -%}{%- do return(faults) -%}{%- endif -%}
    {%- set tables = ['inferences'] + (ml_monitor.ml_monitors().get(monitor) or []) | reject('in', ml_monitor.parts_without_staging()) | list -%}
    {%- for table in tables -%}
        {%- set name = 'stg_' ~ monitor ~ '__' ~ table -%}
        {%- set node = ml_monitor.staging_node(monitor, table) -%}
        {%- if not node -%}
            {%- do faults.append({
                'file': 'dbt_project.yml', 'key': 'vars.ml_monitors.' ~ monitor ~ ('' if table == 'inferences' else ' (part ' ~ table ~ ')'),
                'found': 'no model ' ~ name, 'allowed': 'monitors and parts that have a staging model',
                'snippet': 'models:\n  - name: ' ~ name ~ '\n    config: {contract: {enforced: true}}',
            }) -%}
        {%- else -%}
            {%- set file = (node.patch_path or node.original_file_path).split('://')[-1] -%}
            {%- if not node.config.contract or not node.config.contract.enforced -%}
                {%- do faults.append({
                    'file': file, 'key': name ~ '.config.contract.enforced', 'found': 'not enforced', 'allowed': 'true',
                    'snippet': '- name: ' ~ name ~ '\n  config:\n    contract: {enforced: true}',
                }) -%}
            {%- endif -%}
            {%- do faults.extend(ml_monitor.column_faults(monitor, table, node, file)) -%}
            {%- do faults.extend(ml_monitor.part_faults(monitor, table, node, file)) -%}
            {%- do faults.extend(ml_monitor.vector_faults(monitor, table, node, file)) -%}
            {%- do faults.extend(ml_monitor.unused_faults(monitor, table, node, file)) -%}
            {%- if table == 'inferences' -%}{%- do faults.extend(ml_monitor.monitor_faults(monitor, node, file)) -%}{%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {#- Only once staging itself is right: its columns are what these contracts follow. -#}
    {%- do return(faults or ml_monitor.contract_faults(monitor)) -%}
{% endmacro %}


{#- The roles a column may have, by table; the second entry is those that must be there exactly once. -#}
{% macro roles_of(table) %}
    {%- set roles = {
        'inferences': [
            ['prediction_id', 'event_time', 'ingest_time', 'model_version', 'request_id', 'entity_id', 'feature', 'score', 'prediction', 'latency_ms', 'status', 'feature_time', 'join_key', 'embedding', 'attribution', 'context'],
            ['prediction_id', 'event_time'],
        ],
        'labels': [['prediction_id', 'label', 'label_time', 'ingest_time', 'context'], ['prediction_id', 'label', 'label_time']],
        'reference': [['model_version', 'label', 'context'], []],
        'counts': [['count_hour', 'row_count', 'context'], ['count_hour', 'row_count']],
        'registry': [['entity_id', 'active_from', 'active_until', 'context'], ['entity_id']],
        'offline': [['entity_id', 'event_time', 'feature', 'context'], ['entity_id', 'event_time']],
    } -%}
    {%- do return(roles.get(table, [['join_key', 'context'], []])) -%}
{% endmacro %}


{#- A data type as a line of YAML in braces writes it: in quotes, if it has brackets or commas. -#}
{% macro type_in_yaml(type) %}
    {%- do return('"' ~ type ~ '"' if modules.re.search('[][,{}]', type) else type) -%}
{% endmacro %}


{#- The roles that any number of columns may have. -#}
{% macro repeated_roles() %}
    {%- do return(['feature', 'feature_time', 'context', 'join_key', 'embedding', 'attribution']) -%}
{% endmacro %}


{#- Faults of the columns of one staging model. -#}
{% macro column_faults(monitor, table, node, file) %}
    {%- set faults = [] -%}
    {%- set keys = [
        'role', 'kind', 'min', 'max', 'accepted_values', 'pattern', 'hard', 'max_null_rate', 'exact_distinct', 'default_value', 'unit', 'importance',
        'personal', 'inference_column', 'dimensions', 'of',
    ] -%}
    {%- set roles = ml_monitor.roles_of(table) -%}
    {%- set seen = {} -%}
    {%- set names = {} -%}
    {%- set inference_node = ml_monitor.staging_node(monitor, 'inferences') -%}
    {%- for column in node.columns.values() -%}
        {%- set meta = column.config.meta if column.config and column.config.meta else column.meta or {} -%}
        {%- set path = node.name ~ '.columns.' ~ column.name -%}
        {%- set type = ml_monitor.type_in_yaml(column.data_type or 'double') -%}
        {%- set role = meta.get('role', 'context') -%}
        {%- set kind = meta.get('kind', ml_monitor.kind_of_type(column.data_type)) -%}
        {#- Names that stand beside a column in the rollups. -#}
        {%- set reserved = ['window_start', 'segment_name', 'segment_value']
            + (['model_version', 'baseline'] if role in ['feature', 'score', 'prediction', 'latency_ms', 'embedding', 'attribution'] else []) -%}
        {%- set line = '- {name: ' ~ column.name ~ ', data_type: ' ~ type ~ ', config: {meta: {role: ' ~ (role if role in roles[0] else roles[0][0]) -%}

        {%- for key in meta if key not in keys -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.' ~ key, 'found': 'unknown key ' ~ key, 'allowed': keys | join(', '), 'snippet': line ~ '}}}'}) -%}
        {%- endfor -%}
        {%- if role not in roles[0] -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.role', 'found': role, 'allowed': roles[0] | join(', '), 'snippet': line ~ '}}}'}) -%}
        {%- endif -%}
        {%- if not column.data_type -%}
            {%- do faults.append({'file': file, 'key': path ~ '.data_type', 'found': 'none, so the column is not in the contract', 'allowed': 'a data type', 'snippet': line ~ '}}}'}) -%}
        {%- endif -%}
        {%- if 'kind' in meta and meta.kind not in ['numeric', 'categorical'] -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.kind', 'found': meta.kind, 'allowed': 'numeric, categorical', 'snippet': line ~ ', kind: categorical}}}'}) -%}
        {%- endif -%}
        {%- if meta.get('accepted_values') is not none and kind == 'numeric' -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.accepted_values', 'found': 'a list on a numeric column (' ~ column.data_type ~ ')',
                'allowed': 'min and max for numbers; accepted_values for text, or for numbers with kind: categorical', 'snippet': line ~ ', min: 0, max: 1}}}'}) -%}
        {%- elif meta.get('accepted_values') is not none and (meta.accepted_values is string or meta.accepted_values is mapping or meta.accepted_values is not iterable) -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.accepted_values', 'found': meta.accepted_values, 'allowed': 'a list', 'snippet': line ~ ', accepted_values: [a, b]}}}'}) -%}
        {%- endif -%}
        {%- set texts = [meta.get('default_value')] + (meta.accepted_values | list if meta.get('accepted_values') is sequence and meta.accepted_values is not string else []) -%}
        {%- if ml_monitor.is_text_type(column.data_type) and texts | select('boolean') | list -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.' ~ ('default_value' if texts[0] is boolean else 'accepted_values'), 'found': 'true or false on a text column: YAML reads yes, no, on and off so',
                'allowed': 'texts, in quotes', 'snippet': line ~ (", default_value: 'no'}}}" if texts[0] is boolean else ", accepted_values: ['yes', 'no']}}}")}) -%}
        {%- endif -%}
        {%- for limit in ['min', 'max', 'importance'] if meta.get(limit) is not none -%}
            {%- if meta[limit] is not number or meta[limit] is boolean -%}
                {%- do faults.append({'file': file, 'key': path ~ '.config.meta.' ~ limit, 'found': meta[limit], 'allowed': 'a number', 'snippet': line ~ ', ' ~ limit ~ ': 0}}}'}) -%}
            {%- elif limit != 'importance' and kind == 'categorical' -%}
                {%- do faults.append({'file': file, 'key': path ~ '.config.meta.' ~ limit, 'found': 'a limit on a categorical column (' ~ column.data_type ~ ')', 'allowed': 'accepted_values', 'snippet': line ~ ', accepted_values: [a, b]}}}'}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if meta.get('min') is number and meta.get('max') is number and meta.min > meta.max -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.min', 'found': meta.min ~ ' above max ' ~ meta.max, 'allowed': 'min <= max', 'snippet': line ~ ', min: ' ~ meta.max ~ ', max: ' ~ meta.min ~ '}}}'}) -%}
        {%- endif -%}
        {%- if meta.get('default_value') is not none and kind == 'numeric' and meta.default_value is not number -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.default_value', 'found': meta.default_value, 'allowed': 'a number, as the column is', 'snippet': line ~ ', default_value: 0}}}'}) -%}
        {%- endif -%}
        {%- for key in ['personal', 'hard', 'exact_distinct'] if key in meta and meta[key] is not boolean -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.' ~ key, 'found': meta[key], 'allowed': 'true, false', 'snippet': line ~ ', ' ~ key ~ ': true}}}'}) -%}
        {%- endfor -%}
        {%- if meta.get('hard') is true and 'min' not in meta and 'max' not in meta and 'accepted_values' not in meta and 'pattern' not in meta and meta.get('max_null_rate') != 0 -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.hard', 'found': 'no rule that a row could break', 'allowed': 'hard beside min, max, accepted_values, pattern, or max_null_rate: 0', 'snippet': line ~ ', max_null_rate: 0, hard: true}}}'}) -%}
        {%- endif -%}
        {%- if meta.get('max_null_rate') is not none and (meta.max_null_rate is not number or meta.max_null_rate is boolean or meta.max_null_rate < 0 or meta.max_null_rate > 1) -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.max_null_rate', 'found': meta.max_null_rate, 'allowed': 'a share of rows, 0 to 1', 'snippet': line ~ ', max_null_rate: 0.05}}}'}) -%}
        {%- endif -%}
        {%- if meta.get('pattern') is not none and (meta.pattern is not string or kind == 'numeric') -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.pattern', 'found': meta.pattern if meta.pattern is not string else 'a pattern on a numeric column (' ~ column.data_type ~ ')',
                'allowed': 'a regular expression, on a text column', 'snippet': line ~ ", pattern: '^[A-Z]{2}$'}}}"}) -%}
        {%- endif -%}
        {#- A key that would be accepted and ignored. -#}
        {%- set limits = ['min', 'max', 'accepted_values', 'pattern', 'hard', 'max_null_rate', 'exact_distinct', 'default_value'] | select('in', meta.keys()) | list -%}
        {%- set effective = [] if table != 'inferences' else limits if role in ['feature', 'score', 'prediction', 'latency_ms']
            else ['min', 'max', 'accepted_values', 'pattern', 'hard', 'max_null_rate'] if meta.get('hard') else [] -%}
        {%- for key in limits if key not in effective -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.' ~ key, 'found': key ~ ' on a column with role ' ~ role ~ (' of ' ~ table if table != 'inferences' else ''),
                'allowed': 'on monitored columns of the inferences (feature, score, prediction, latency_ms); with hard: true also on others', 'snippet': '- {name: ' ~ column.name ~ ', data_type: ' ~ type ~ ', config: {meta: {role: ' ~ (role if role in roles[0] else roles[0][0]) ~ '}}}'}) -%}
        {%- endfor -%}
        {%- if meta.get('unit') is not none and meta.unit is not string -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.unit', 'found': meta.unit, 'allowed': 'a text', 'snippet': line ~ ', unit: miles}}}'}) -%}
        {%- endif -%}

        {%- if '"' in column.name or '`' in column.name -%}
            {%- do faults.append({'file': file, 'key': path, 'found': 'a quote character in the name', 'allowed': 'names without \' " \' and \' ` \'; give the column an alias in the staging SQL',
                'snippet': 'select ' ~ adapter.quote(column.name.replace('"', '""')) ~ ' as ' ~ column.name.replace('"', '').replace('`', '').replace(' ', '_') | lower}) -%}
        {%- elif not modules.re.match('^[A-Za-z_][A-Za-z0-9_]*$', column.name) and not column.quote -%}
            {%- do faults.append({'file': file, 'key': path ~ '.quote', 'found': 'no quote for a name with special characters', 'allowed': 'quote: true', 'snippet': '- {name: "' ~ column.name ~ '", quote: true, data_type: ' ~ type ~ '}'}) -%}
        {%- elif column.name.lower().startswith('ml_') or column.name.lower() in reserved -%}
            {%- do faults.append({'file': file, 'key': path, 'found': 'a name that ml_monitor keeps for itself', 'allowed': 'names that do not begin with ml_ and are not ' ~ reserved | join(', '), 'snippet': 'select ' ~ column.name ~ ' as my_' ~ column.name}) -%}
        {%- endif -%}
        {%- if column.name.lower() in names -%}
            {%- do faults.append({'file': file, 'key': path, 'found': 'differs from ' ~ names[column.name.lower()] ~ ' by case only', 'allowed': 'names that are unique ignoring case; give one an alias in the staging SQL', 'snippet': 'select ' ~ adapter.quote(column.name) ~ ' as ' ~ column.name | lower ~ '_2'}) -%}
        {%- endif -%}
        {%- do names.update({column.name.lower(): column.name}) -%}

        {%- if role in seen and role not in ml_monitor.repeated_roles() -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.role', 'found': 'a second ' ~ role ~ ' beside ' ~ seen[role], 'allowed': 'one column with role ' ~ role, 'snippet': '- {name: ' ~ column.name ~ ', data_type: ' ~ type ~ ', config: {meta: {role: context}}}'}) -%}
        {%- endif -%}
        {%- do seen.update({role: column.name}) -%}

        {%- if role == 'join_key' and table in ml_monitor.lookups(monitor) and inference_node -%}
            {%- set target = meta.get('inference_column', column.name) -%}
            {%- if target not in inference_node.columns -%}
                {%- do faults.append({'file': file, 'key': path ~ '.config.meta.inference_column', 'found': target, 'allowed': 'a column of ' ~ inference_node.name ~ ': ' ~ inference_node.columns.keys() | join(', '), 'snippet': line ~ ', inference_column: ' ~ (inference_node.columns.keys() | list)[0] ~ '}}}'}) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for role in roles[1] if role not in seen -%}
        {%- do faults.append({'file': file, 'key': node.name ~ '.columns', 'found': 'no column with role ' ~ role, 'allowed': 'exactly one', 'snippet': '- {name: ' ~ role ~ ', data_type: ' ~ ml_monitor.type_of_role(role) ~ ', config: {meta: {role: ' ~ role ~ '}}}'}) -%}
    {%- endfor -%}
    {%- if table in ml_monitor.lookups(monitor) and 'join_key' not in seen -%}
        {%- do faults.append({'file': file, 'key': node.name ~ '.columns', 'found': 'no column with role join_key', 'allowed': 'the columns the features were joined on', 'snippet': '- {name: tail_number, data_type: string, config: {meta: {role: join_key, inference_column: tail_number}}}'}) -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- Faults of the `config.meta.ml_monitor` of stg_<m>__inferences. -#}
{% macro monitor_faults(monitor, node, file) %}
    {%- set faults = [] -%}
    {%- set path = node.name ~ '.config.meta.ml_monitor' -%}
    {%- set meta = node.config.meta.get('ml_monitor') or {} -%}
    {%- set numbers = ['positive_threshold', 'label_horizon_hours', 'late_after_minutes', 'event_tolerance_minutes', 'hourly_retention_days', 'replay_after_minutes'] -%}
    {%- set keys = ['task', 'owner', 'time_zone', 'segments', 'rules', 'event_not_before', 'quality_weights', 'drift_windows', 'rolling_days', 'weekends_apart', 'relations', 'proxies', 'near_threshold_margin', 'golden_periods'] + numbers -%}
    {%- set tasks = ['binary', 'multiclass', 'regression'] -%}
    {%- set head = 'config:\n  meta:\n    ml_monitor:\n      ' -%}
    {%- set columns = node.columns.keys() | list -%}
    {%- set inferences = ml_monitor.staging_columns(monitor, 'inferences') -%}
    {%- set roles = inferences | map(attribute='role') | list -%}
    {%- for key in meta if key not in keys -%}
        {%- do faults.append({'file': file, 'key': path ~ '.' ~ key, 'found': 'unknown key ' ~ key, 'allowed': keys | join(', '), 'snippet': head ~ 'task: binary\n      owner: team@example.com'}) -%}
    {%- endfor -%}
    {%- if meta.get('task') not in tasks -%}
        {%- do faults.append({'file': file, 'key': path ~ '.task', 'found': meta.get('task', 'nothing'), 'allowed': tasks | join(', '), 'snippet': head ~ 'task: binary'}) -%}
    {%- endif -%}
    {%- if not meta.get('owner') or meta.owner is not string -%}
        {%- do faults.append({'file': file, 'key': path ~ '.owner', 'found': meta.get('owner', 'nothing'), 'allowed': 'who acts on a failed gate', 'snippet': head ~ 'owner: team@example.com'}) -%}
    {%- endif -%}
    {%- if meta.get('time_zone', 'UTC') not in modules.pytz.all_timezones -%}
        {%- do faults.append({'file': file, 'key': path ~ '.time_zone', 'found': meta.time_zone, 'allowed': 'a name of the IANA time zone database', 'snippet': head ~ 'time_zone: America/New_York'}) -%}
    {%- endif -%}
    {%- for key in numbers if meta.get(key) is not none and (meta[key] is not number or meta[key] is boolean or meta[key] < 0) -%}
        {%- do faults.append({'file': file, 'key': path ~ '.' ~ key, 'found': meta[key], 'allowed': 'a number, 0 or more', 'snippet': head ~ key ~ ': ' ~ (0.5 if key == 'positive_threshold' else 60)}) -%}
    {%- endfor -%}
    {%- if meta.get('hourly_retention_days') is number and meta.hourly_retention_days < 3 -%}
        {%- do faults.append({'file': file, 'key': path ~ '.hourly_retention_days', 'found': meta.hourly_retention_days, 'allowed': '3 or more, so that gates still see the hours they judge', 'snippet': head ~ 'hourly_retention_days: 90'}) -%}
    {%- endif -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', meta.get('event_not_before', '2000-01-01') | string) -%}
        {%- do faults.append({'file': file, 'key': path ~ '.event_not_before', 'found': meta.event_not_before, 'allowed': 'a date', 'snippet': head ~ "event_not_before: '2020-01-01'"}) -%}
    {%- endif -%}
    {%- do faults.extend(ml_monitor.drift_window_faults(meta, path, file, head)) -%}
    {%- do faults.extend(ml_monitor.proxy_faults(meta, path, file, head, inferences)) -%}
    {%- do faults.extend(ml_monitor.golden_period_faults(meta, path, file, head)) -%}
    {%- do faults.extend(ml_monitor.rule_faults(meta, columns, file, path, head)) -%}
    {%- do faults.extend(ml_monitor.quality_weight_faults(meta, path, file)) -%}
    {%- do faults.extend(ml_monitor.relation_faults(monitor, meta, path, file, head, node)) -%}
    {%- set segments = meta.get('segments', []) -%}
    {%- if segments is string or segments is mapping -%}
        {%- do faults.append({'file': file, 'key': path ~ '.segments', 'found': segments, 'allowed': 'a list of columns, or of lists of columns that are crossed', 'snippet': head ~ 'segments: [' ~ columns[-1] ~ ']'}) -%}
    {%- else -%}
        {%- for segment in segments if segment is not string and (segment is mapping or segment is not iterable or segment | length < 2 or segment | unique | list | length < segment | length) -%}
            {%- do faults.append({'file': file, 'key': path ~ '.segments', 'found': segment, 'allowed': 'a column, or a list of two or more different ones that are crossed', 'snippet': head ~ 'segments: [' ~ columns[-1] ~ ', [' ~ columns[-2:] | join(', ') ~ ']]'}) -%}
        {%- endfor -%}
        {%- for segment in ml_monitor.declared_segments(meta).values() | sum(start=[]) | unique if segment not in columns -%}
            {%- do faults.append({'file': file, 'key': path ~ '.segments', 'found': segment, 'allowed': 'columns of ' ~ node.name ~ ': ' ~ columns | join(', '), 'snippet': head ~ 'segments: [' ~ columns[-1] ~ ']'}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if meta.get('task') == 'regression' and 'prediction' not in roles -%}
        {%- do faults.append({'file': file, 'key': node.name ~ '.columns', 'found': 'no column with role prediction', 'allowed': 'exactly one, for a regression', 'snippet': '- {name: prediction, data_type: double, config: {meta: {role: prediction}}}'}) -%}
    {%- elif 'prediction' not in roles and 'score' not in roles -%}
        {%- do faults.append({'file': file, 'key': node.name ~ '.columns', 'found': 'no column with role score or prediction', 'allowed': 'at least one of them', 'snippet': '- {name: score, data_type: double, config: {meta: {role: score, min: 0, max: 1}}}'}) -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- Faults of the rules that a monitor declares for its rows. -#}
{% macro rule_faults(meta, columns, file, path, head) %}
    {%- set faults = [] -%}
    {%- set snippet = head ~ 'rules:\n        - {name: arrival_after_departure, condition: arrival >= departure, hard: true}' -%}
    {%- set names = {} -%}
    {%- set rules = meta.get('rules') or [] -%}
    {%- if rules is string or rules is mapping -%}
        {%- do faults.append({'file': file, 'key': path ~ '.rules', 'found': rules, 'allowed': 'a list', 'snippet': snippet}) -%}
    {%- else -%}
        {%- for rule in rules -%}
            {%- set key = path ~ '.rules[' ~ loop.index0 ~ ']' -%}
            {%- if rule is not mapping or rule.get('condition') is not string or rule.get('name') is not string or rule.keys() | reject('in', ['name', 'condition', 'hard']) | list -%}
                {%- do faults.append({'file': file, 'key': key, 'found': rule, 'allowed': 'name, condition (SQL that a good row keeps), hard (true, false)', 'snippet': snippet}) -%}
            {%- elif not modules.re.match('^[a-z][a-z0-9_]*$', rule.name) or rule.name in columns or rule.name in names or rule.name.startswith('ml_') -%}
                {%- do faults.append({'file': file, 'key': key ~ '.name', 'found': rule.name, 'allowed': 'a name of its own, not that of a column: lower-case letters, digits and underscores', 'snippet': snippet}) -%}
            {%- elif rule.get('hard', false) is not boolean -%}
                {%- do faults.append({'file': file, 'key': key ~ '.hard', 'found': rule.hard, 'allowed': 'true, false', 'snippet': snippet}) -%}
            {%- endif -%}
            {%- if rule is mapping -%}{%- do names.update({rule.get('name') | string: true}) -%}{%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}


{#-
  on-run-start: stops the run before any SQL when a declaration is wrong, with all faults of all monitors at once.
  Raises: a compiler error that lists for each fault the file, the key, what was found, what is allowed and what to write.
-#}
{% macro validate_declarations() %}
    {%- if execute -%}
        {%- set faults = ml_monitor.setting_faults() -%}
        {%- set monitors = ml_monitor.ml_monitors() -%}
        {%- if monitors is not mapping -%}
            {%- do faults.append({'file': 'dbt_project.yml', 'key': 'vars.ml_monitors', 'found': monitors, 'allowed': 'a dict of monitor: [parts]', 'snippet': 'vars:\n  ml_monitors:\n    churn: [labels, reference]'}) -%}
        {%- else -%}
            {%- for monitor, parts in monitors.items() -%}
                {%- if not modules.re.match('^[a-z][a-z0-9]*(_[a-z0-9]+)*$', monitor) -%}
                    {%- do faults.append({'file': 'dbt_project.yml', 'key': 'vars.ml_monitors.' ~ monitor, 'found': monitor, 'allowed': 'lower-case letters, digits and single underscores', 'snippet': 'vars:\n  ml_monitors:\n    churn: [labels, reference]'}) -%}
                {%- endif -%}
                {%- if parts is string or parts is mapping or (parts or []) | select('in', ml_monitor.reserved_parts()) | list -%}
                    {%- do faults.append({'file': 'dbt_project.yml', 'key': 'vars.ml_monitors.' ~ monitor, 'found': parts, 'allowed': 'a list of ' ~ ml_monitor.plain_parts() | join(', ') ~ ' and lookups (none of them named ' ~ ml_monitor.reserved_parts() | join(', ') ~ ')', 'snippet': 'vars:\n  ml_monitors:\n    ' ~ monitor ~ ': [labels, reference]'}) -%}
                {%- else -%}
                    {%- do faults.extend(ml_monitor.declaration_faults(monitor)) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.meta.get('ml_monitor') -%}
                {%- set monitor = node.name[4:].split('__')[0] -%}
                {%- if monitor not in monitors -%}
                    {%- do faults.append({'file': (node.patch_path or node.original_file_path).split('://')[-1], 'key': node.name ~ '.config.meta.ml_monitor', 'found': 'a monitor that vars.ml_monitors does not list', 'allowed': 'listed: ' ~ monitors.keys() | join(', '), 'snippet': 'vars:\n  ml_monitors:\n    ' ~ monitor ~ ': []'}) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
        {%- if faults -%}{%- do ml_monitor.raise_declaration_faults(faults) -%}{%- endif -%}
    {%- endif -%}
{% endmacro %}


{% macro raise_declaration_faults(faults) %}
    {%- set ns = namespace(text='ml_monitor: ' ~ faults | length ~ (' fault' if faults | length == 1 else ' faults') ~ ' in the declarations; no SQL was run.') -%}
    {%- for fault in faults -%}
        {%- set ns.text = ns.text ~ '\n\n' ~ loop.index ~ '. ' ~ fault.file ~ ': ' ~ fault.key
            ~ '\n   found:   ' ~ fault.found ~ '\n   allowed: ' ~ fault.allowed ~ '\n   write:\n       ' ~ fault.snippet.replace('\n', '\n       ') -%}
    {%- endfor -%}
    {%- do exceptions.raise_compiler_error(ns.text) -%}
{% endmacro %}


{#- Faults of the windows that drift is judged by. -#}
{% macro drift_window_faults(meta, path, file, head) %}
    {%- set faults = [] -%}
    {%- set grains = ['hour', 'day', 'week', 'rolling'] -%}
    {%- set declared = meta.get('drift_windows', []) -%}
    {%- set is_list = declared is not string and declared is not mapping and declared is iterable -%}
    {%- if not is_list or declared | reject('in', grains) | list -%}
        {%- do faults.append({'file': file, 'key': path ~ '.drift_windows', 'found': declared, 'allowed': 'a list of ' ~ grains | join(', '), 'snippet': head ~ 'drift_windows: [day, week]'}) -%}
    {%- elif 'hour' in declared and meta.get('hourly_retention_days') is not none -%}
        {%- do faults.append({'file': file, 'key': path ~ '.drift_windows', 'found': 'hour, beside hourly_retention_days', 'allowed': 'one of both: the baseline of an hour are the hours of its first days, which retention folds', 'snippet': head ~ 'drift_windows: [day, week]'}) -%}
    {%- endif -%}
    {%- set days = meta.get('rolling_days', 7) -%}
    {%- if days is not integer or days is boolean or days < 2 or days > 90 -%}
        {%- do faults.append({'file': file, 'key': path ~ '.rolling_days', 'found': days, 'allowed': 'a whole number, 2 to 90', 'snippet': head ~ 'rolling_days: 7'}) -%}
    {%- endif -%}
    {%- if meta.get('weekends_apart', false) is not boolean -%}
        {%- do faults.append({'file': file, 'key': path ~ '.weekends_apart', 'found': meta.weekends_apart, 'allowed': 'true or false', 'snippet': head ~ 'weekends_apart: true'}) -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- Faults of the golden periods, which `compare` takes by name. -#}
{% macro golden_period_faults(meta, path, file, head) %}
    {%- set faults = [] -%}
    {%- set snippet = head ~ "golden_periods:\n        quiet_june: ['2013-06-01', '2013-07-01']" -%}
    {%- set declared = meta.get('golden_periods') or {} -%}
    {%- if declared is not mapping -%}
        {%- do faults.append({'file': file, 'key': path ~ '.golden_periods', 'found': declared, 'allowed': 'a dict of name: [from, until]', 'snippet': snippet}) -%}
    {%- else -%}
        {%- for name, ends in declared.items() -%}
            {%- set key = path ~ '.golden_periods.' ~ name -%}
            {%- if name is not string or not modules.re.match('^[a-z][a-z0-9_]*\\Z', name) or name in ml_monitor.named_baselines() -%}
                {%- do faults.append({'file': file, 'key': key, 'found': name, 'allowed': 'a name of lower-case letters, digits and underscores, but none of ' ~ ml_monitor.named_baselines() | join(', '), 'snippet': snippet}) -%}
            {%- endif -%}
            {%- set is_pair = ends is not string and ends is not mapping and ends is iterable and ends | length == 2 -%}
            {%- if not is_pair or not ml_monitor.is_moment(ends[0]) or not ml_monitor.is_moment(ends[1]) -%}
                {%- do faults.append({'file': file, 'key': key, 'found': ends, 'allowed': 'two moments in UTC, as 2013-07-01 or 2013-07-01 06:00:00: the first in it and the last not', 'snippet': snippet}) -%}
            {%- elif ml_monitor.moment_of(ends[0]) >= ml_monitor.moment_of(ends[1]) -%}
                {%- do faults.append({'file': file, 'key': key, 'found': ends | join(' to '), 'allowed': 'the first before the last', 'snippet': snippet}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}

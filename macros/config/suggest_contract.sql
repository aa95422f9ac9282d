{#-
  run-operation: prints the contract of a staging model as its data suggests it, ready to review and paste.

      dbt --quiet run-operation suggest_contract --args '{relation: flights.weather}' > models/staging/churn/_weather.yml

  Nothing but the YAML is printed by this macro; `--quiet` keeps dbt's own lines away. docs/suggest_contract.md has the rules of
  roles and limits. Reads the data once for each 50 columns, and once each for ingest time, accepted values and days with NULLs, or for pairs of keys.

  Arguments:
    relation (string): a model, seed or source table (`stg_churn__inferences`, `flights.weather`), a file that DuckDB reads
      (`data/raw/x.parquet`, globs allowed), or a relation of the database (`schema.table`)
    name (string, optional): the staging model to describe; default by the relation's name, stg_<relation>__inferences
    table (string, optional): inferences, labels, reference or other (a lookup); default by name, then by columns
    max_accepted_values (int, default 20): texts with more distinct values get no accepted_values
    task (string, optional): binary, multiclass, regression; default by score and prediction
    owner (string, optional): who acts on a failed gate; default a placeholder that builds
  Raises: a compiler error with every wrong argument; a relation that is not there, with what is allowed.
-#}
{% macro suggest_contract(relation, name=none, table=none, max_accepted_values=20, task=none, owner=none) %}
    {%- if execute -%}
        {%- do ml_monitor.check_suggestion_arguments(relation, name, table, max_accepted_values, task, owner) -%}
        {%- set found = ml_monitor.suggestion_source(relation) -%}
        {%- set columns = ml_monitor.suggestion_columns(found.sql) -%}
        {%- do ml_monitor.measure_columns(found.sql, columns) -%}
        {%- set table = table or ml_monitor.suggested_table(name or found.stem, columns) -%}
        {%- set about = {
            'source': found.about, 'sql': found.sql, 'table': table, 'columns': columns, 'max_accepted_values': max_accepted_values,
            'rows': columns[0].rows, 'name': name or ml_monitor.suggested_name(found.stem, table), 'owner': owner,
        } -%}
        {%- do ml_monitor.guess_roles(about) -%}
        {%- do about.update({'task': task or ml_monitor.guess_task(columns)}) -%}
        {%- do ml_monitor.guess_limits(about) -%}
        {%- do print(ml_monitor.suggestion_text(about)) -%}
    {%- endif -%}
{% endmacro %}


{#- Stops with every wrong argument at once. -#}
{% macro check_suggestion_arguments(relation, name, table, max_accepted_values, task, owner) %}
    {%- set faults = [] -%}
    {%- set call = "dbt run-operation suggest_contract --args '{relation: flights.weather" -%}
    {%- if relation is not string or not relation.strip() -%}
        {%- do faults.append(['relation', relation, 'a model, source.table, file or schema.table', call ~ "}'"]) -%}
    {%- endif -%}
    {%- if name is not none and (name is not string or not modules.re.match('^stg_[a-z][a-z0-9]*(_[a-z0-9]+)*__[a-z][a-z0-9]*(_[a-z0-9]+)*$', name)) -%}
        {%- do faults.append(['name', name, 'stg_<monitor>__<table> of lower-case letters, digits and underscores', call ~ ", name: stg_churn__weather}'"]) -%}
    {%- endif -%}
    {%- if table is not none and table not in ['inferences', 'labels', 'reference', 'other'] -%}
        {%- do faults.append(['table', table, 'inferences, labels, reference, other', call ~ ", table: other}'"]) -%}
    {%- endif -%}
    {%- if max_accepted_values is not integer or max_accepted_values is boolean or max_accepted_values < 0 -%}
        {%- do faults.append(['max_accepted_values', max_accepted_values, 'a whole number, 0 or more', call ~ ", max_accepted_values: 20}'"]) -%}
    {%- endif -%}
    {%- if task is not none and task not in ['binary', 'multiclass', 'regression'] -%}
        {%- do faults.append(['task', task, 'binary, multiclass, regression', call ~ ", task: binary}'"]) -%}
    {%- endif -%}
    {%- if owner is not none and (owner is not string or not owner.strip()) -%}
        {%- do faults.append(['owner', owner, 'who acts on a failed gate', call ~ ", owner: team@example.com}'"]) -%}
    {%- endif -%}
    {%- if faults -%}
        {%- set wrong = faults | length ~ (' wrong argument' if faults | length == 1 else ' wrong arguments') -%}
        {%- set ns = namespace(text='ml_monitor: suggest_contract has ' ~ wrong ~ '; nothing was read.') -%}
        {%- for fault in faults -%}
            {%- set ns.text = ns.text ~ '\n\n' ~ loop.index ~ '. ' ~ fault[0]
                ~ '\n   found:   ' ~ fault[1] ~ '\n   allowed: ' ~ fault[2] ~ '\n   write:\n       ' ~ fault[3] -%}
        {%- endfor -%}
        {%- do exceptions.raise_compiler_error(ns.text) -%}
    {%- endif -%}
{% endmacro %}


{#-
  What `relation` means, the first of: a model or seed; a source table, with or without its source; a file; a relation of the
  database. A model that is a view, or not built yet, is read as its SQL is now, so that a contract can be suggested before
  there is one.
  Returns: dict {sql: a select, about: text, stem: name without schema, source or file extension}.
  Raises: a compiler error if nothing is found.
-#}
{% macro suggestion_source(relation) %}
    {%- set parts = relation.split('.') -%}
    {%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed'] and node.name == relation -%}
        {%- set built = adapter.get_relation(node.database, node.schema, node.alias) -%}
        {%- if built and not built.is_view -%}
            {%- do return({'sql': 'select * from ' ~ built, 'about': node.resource_type ~ ' ' ~ relation ~ ' as built', 'stem': relation}) -%}
        {%- elif node.resource_type == 'model' -%}
            {%- do return({'sql': render(node.raw_code).strip(), 'about': 'the SQL of model ' ~ relation, 'stem': relation}) -%}
        {%- else -%}
            {%- do ml_monitor.raise_unknown_relation(relation, 'a seed that is not built yet: dbt seed --select ' ~ relation, 'flights.weather') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set tables = [] -%}
    {%- for node in graph.sources.values() if node.source_name ~ '.' ~ node.name == relation or node.name == relation -%}
        {%- do tables.append(node) -%}
    {%- endfor -%}
    {%- if tables | length > 1 -%}
        {%- set sources = tables | map(attribute='source_name') | list -%}
        {%- do ml_monitor.raise_unknown_relation(relation, 'a table of more than one source: ' ~ sources | join(', '), sources[0] ~ '.' ~ relation) -%}
    {%- elif tables -%}
        {%- set one = tables[0] -%}
        {%- do return({'sql': 'select * from ' ~ source(one.source_name, one.name), 'about': 'source ' ~ one.source_name ~ '.' ~ one.name, 'stem': one.name}) -%}
    {%- endif -%}
    {%- if '/' in relation or '\\' in relation or modules.re.search('[.](parquet|csv|tsv|json|jsonl|ndjson)([.](gz|zst))?$', relation) -%}
        {%- set file = ml_monitor.file_relation(relation) -%}
        {%- if file is none -%}
            {%- do ml_monitor.raise_unknown_relation(relation, 'no such file that ' ~ target.type ~ ' reads, seen from the folder dbt runs in', 'data/raw/weather.parquet') -%}
        {%- endif -%}
        {%- set path = modules.re.split('[/\\\\]', relation) -%}
        {%- set stem = path[-2] if '*' in path[-1] and path | length > 1 else path[-1] -%}
        {%- do return({'sql': 'select * from ' ~ file, 'about': 'file ' ~ relation, 'stem': stem.split('.')[0]}) -%}
    {%- endif -%}
    {%- if parts | length <= 3 -%}
        {%- set built = adapter.get_relation(parts[-3] if parts | length > 2 else target.database, parts[-2] if parts | length > 1 else target.schema, parts[-1]) -%}
        {%- if built -%}{%- do return({'sql': 'select * from ' ~ built, 'about': 'relation ' ~ relation, 'stem': parts[-1]}) -%}{%- endif -%}
    {%- endif -%}
    {%- do ml_monitor.raise_unknown_relation(relation, 'no model, seed, source table or relation of that name', 'flights.weather') -%}
{% endmacro %}


{% macro raise_unknown_relation(relation, found, example) %}
    {%- set names = namespace(models=[], tables=[]) -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('stg_') -%}
        {%- set names.models = names.models + [node.name] -%}
    {%- endfor -%}
    {%- for node in graph.sources.values() -%}{%- set names.tables = names.tables + [node.source_name ~ '.' ~ node.name] -%}{%- endfor -%}
    {%- do exceptions.raise_compiler_error('ml_monitor: suggest_contract: relation ' ~ relation
        ~ '\n   found:   ' ~ found
        ~ '\n   allowed: a model (' ~ (names.models | sort | join(', ') or 'none of them begins with stg_')
        ~ '), a source table (' ~ (names.tables | sort | join(', ') or 'none is declared')
        ~ '), a file (a path with / or .parquet, .csv, .tsv, .json, .jsonl, .ndjson at its end; on DuckDB)'
        ~ ', a relation of the database (schema.table; here schema ' ~ target.schema ~ ')'
        ~ "\n   write:\n       dbt run-operation suggest_contract --args '{relation: " ~ example ~ "}'") -%}
{% endmacro %}


{#-
  The columns of a select, in order: dicts {name, key (the name in plain lower-case letters), sql, engine_type, data_type (as YAML
  writes it), portable, type_class}. The class is numeric, text, boolean, timestamp, date or other, which has no order.
-#}
{% macro suggestion_columns(sql) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for one in ml_monitor.names_and_types(sql) -%}
        {%- set base = one[1].lower().split('(')[0].strip() -%}
        {%- set portable = ml_monitor.portable_types().get(one[1].lower())
            or ('string' if base in ['varchar', 'character varying', 'char', 'character', 'bpchar'] else none) -%}
        {%- set numeric = base in ml_monitor.numeric_types() or base in ['utinyint', 'usmallint', 'uinteger', 'ubigint', 'uhugeint'] -%}
        {%- set type_class = 'other' if base.endswith(']') or one[1].endswith(']')
            else 'numeric' if numeric
            else 'text' if portable == 'string' or base in ['enum', 'uuid']
            else base if base in ['boolean', 'date']
            else 'timestamp' if base.startswith('timestamp') or base == 'datetime'
            else 'other' -%}
        {%- set key = modules.re.sub('([a-z0-9])([A-Z])', '\\1_\\2', one[0]).lower() -%}
        {%- set ns.columns = ns.columns + [{
            'name': one[0], 'key': modules.re.sub('[^a-z0-9]+', '_', key).strip('_'), 'sql': adapter.quote(one[0].replace('"', '""')),
            'engine_type': one[1], 'data_type': portable or (one[1] if "'" in one[1] or '"' in one[1] else one[1].lower()), 'portable': portable is not none,
            'type_class': type_class, 'whole': base in ml_monitor.numeric_types() and 'int' in base, 'notes': [], 'role': 'context', 'why': '', 'meta': [],
        }] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#- How YAML writes the types that every engine has; other types keep their own name. -#}
{% macro portable_types() %}
    {%- do return({
        'varchar': 'string', 'text': 'string', 'character varying': 'string', 'string': 'string',
        'integer': 'int', 'int': 'int', 'int4': 'int', 'bigint': 'bigint', 'int8': 'bigint', 'boolean': 'boolean', 'date': 'date',
        'timestamp': 'timestamp', 'timestamp without time zone': 'timestamp',
        'double': '*double', 'double precision': '*double', 'float8': '*double',
    }) -%}
{% endmacro %}


{#- inferences, labels, reference or other: by the name, else by which of the telling columns there are. -#}
{% macro suggested_table(stem, columns) %}
    {%- set key = stem.lower() -%}
    {%- if key.startswith('stg_') and '__' in key -%}
        {%- set table = key.split('__')[-1] -%}
        {%- do return(table if table in ['inferences', 'labels', 'reference'] else 'other') -%}
    {%- endif -%}
    {%- set patterns = {
        'labels': 'label|outcome|ground_?truth|actuals',
        'reference': 'reference|training|train_set|baseline',
        'inferences': 'inference|prediction|scoring|scores',
    } -%}
    {%- for table, pattern in patterns.items() if modules.re.search(pattern, key) -%}{%- do return(table) -%}{%- endfor -%}
    {%- set has_time = columns | selectattr('type_class', 'equalto', 'timestamp') | list | length > 0 -%}
    {%- set has_output = ml_monitor.by_name(columns, 'score', ['numeric']) or ml_monitor.by_name(columns, 'prediction', ['numeric', 'text', 'boolean']) -%}
    {%- set has_label = ml_monitor.by_name(columns, 'label', ['numeric', 'text', 'boolean']) -%}
    {%- do return('inferences' if has_time and has_output else 'labels' if has_time and has_label else 'reference' if has_label else 'other') -%}
{% endmacro %}


{#- The name of the staging model for a relation: its own if it is one. A lookup takes the monitor of the var that lists it. -#}
{% macro suggested_name(stem, table) %}
    {%- set key = modules.re.sub('_+', '_', modules.re.sub('[^a-z0-9_]+', '_', stem.lower())) if not stem.startswith('stg_') else stem -%}
    {%- if key.startswith('stg_') -%}{%- do return(key) -%}{%- endif -%}
    {%- set key = modules.re.sub('^[^a-z]+', '', key.strip('_')) or 'data' -%}
    {%- if table != 'other' -%}
        {%- set key = modules.re.sub('_(jsonl?|parquet|csv|log)$', '', key) -%}
        {%- do return('stg_' ~ (modules.re.sub('_?(inferences?|labels?|reference|predictions?|scores?)$', '', key) or key) ~ '__' ~ table) -%}
    {%- endif -%}
    {%- set monitors = ml_monitor.ml_monitors() -%}
    {%- set ns = namespace(monitor='monitor') -%}
    {%- for monitor, parts in monitors.items() if ns.monitor == 'monitor' and (key in (parts or []) or monitors | length == 1) -%}
        {%- set ns.monitor = monitor -%}
    {%- endfor -%}
    {%- do return('stg_' ~ ns.monitor ~ '__' ~ key) -%}
{% endmacro %}


{#- A share as a percentage with at most three digits, for comments. -#}
{% macro percent(share) %}
    {%- set text = '%.3g' | format(100 * share) -%}
    {%- do return(('almost 100' if text == '100' and share < 1 else text) ~ ' %') -%}
{% endmacro %}


{#-
  A text as a YAML scalar for a flow collection on one line. Plain if it can only be read as text; else in double quotes, with Jinja, carriage
  returns and a newline at its end written so that dbt, which renders every text, gives them back.
-#}
{% macro yaml_scalar(value) %}
    {%- set words = ['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'none', 'nan', 'inf'] -%}
    {%- if modules.re.match('^[A-Za-z_][A-Za-z0-9_]*([ .@-][A-Za-z0-9_]+)*\\Z', value) and value.lower() not in words -%}
        {%- do return(value) -%}
    {%- endif -%}
    {%- set ns = namespace(text='') -%}
    {%- set escaped = modules.re.sub('(\\{[{%#])', "{{ '\\1' }}", value).replace('\r', "{{ '\\r' }}") -%}
    {%- set escaped = escaped[:-1] ~ "{{ '\\n' }}" if escaped.endswith('\n') else escaped -%}
    {%- for letter in escaped -%}
        {%- set plain = letter not in '"\\' and not modules.re.match('[\\x00-\\x1f\\x7f-\\xa0\\u2028\\u2029\\ufeff\\ufffe\\uffff]', letter) -%}
        {%- set ns.text = ns.text ~ (letter if plain else tojson(letter)[1:-1]) -%}
    {%- endfor -%}
    {%- do return('"' ~ ns.text ~ '"') -%}
{% endmacro %}


{#-
  Whether SQL needs quotes around a name: it is not lower-case letters, digits and underscores, or a word that DuckDB or PostgreSQL
  keeps (duckdb_keywords and pg_get_keywords, all but the unreserved).
-#}
{% macro needs_quote(name) %}
    {%- set kept = 'all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint binary bit boolean both by case cast char
        character check coalesce collate collation column columns concurrently constraint create cross current_catalog current_date
        current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc describe distinct do
        else end except exists extract false fetch float for foreign freeze from full generated glob grant greatest group grouping
        grouping_id having ilike in initially inner inout int integer intersect interval into is isnull join json json_array json_arrayagg
        json_object json_objectagg json_scalar json_serialize json_table lambda lateral leading least left like limit localtime
        localtimestamp map merge_action national natural nchar none normalize not notnull null nullif numeric offset on only or order out
        outer overlaps overlay pivot pivot_longer pivot_wider placing position positional precision primary qualify real references
        returning right row select semi session_user setof show similar smallint some struct substring summarize symmetric system_user table
        tablesample then time timestamp to trailing treat trim true try_cast tuple union unique unpack unpivot user using values varchar
        variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
        xmlserialize xmltable' -%}
    {%- do return(not modules.re.match('^[a-z_][a-z0-9_]*\\Z', name) or name in kept.split()) -%}
{% endmacro %}


{#-
  The name that the contract may use for a column, and why not its own: dict {name, refusal (none if it is its own)}. The rules are those
  of column_faults. Arguments: column, taken (list of the names in lower case that the columns before it got), names (of all columns).
-#}
{% macro allowed_name(column, taken, names) %}
    {%- set name = column.name -%}
    {%- set reserved = ['window_start', 'segment_name', 'segment_value']
        + (['model_version', 'baseline'] if column.role in ['feature', 'score', 'prediction', 'latency_ms'] else []) -%}
    {%- set ns = namespace(name=name, refusal=none) -%}
    {%- if '"' in name or '`' in name -%}
        {%- set ns.name = (modules.re.sub('[^a-z0-9_]+', '_', name.replace('"', '').replace('`', '').lower()).strip('_')) or 'unnamed' -%}
        {%- set ns.refusal = 'a quote character in the name' -%}
    {%- elif name.lower().startswith('ml_') or name.lower() in reserved -%}
        {%- set ns.name = 'my_' ~ name -%}
        {%- set ns.refusal = 'a name that ml_monitor keeps for itself' -%}
    {%- endif -%}
    {%- if name.lower() in taken -%}{%- set ns.refusal = ns.refusal or 'differs from another by case only' -%}{%- endif -%}
    {%- set others = taken + (names if ns.refusal else []) -%}
    {%- set stem = ns.name.lower() -%}
    {%- for number in range(2, others | length + 3) if ns.refusal and ns.name.lower() in others -%}{%- set ns.name = stem ~ '_' ~ number -%}{%- endfor -%}
    {%- do return({'name': ns.name, 'refusal': ns.refusal}) -%}
{% endmacro %}


{#- What the comment of a column says: the role and what it was guessed from, then what was seen. -#}
{% macro column_comment(c, about) %}
    {%- set parts = [c.refusal] if c.refusal else [] -%}
    {%- if c.why -%}{%- do parts.append(c.role ~ ': ' ~ c.why) -%}{%- endif -%}
    {%- if c.filled and c.type_class != 'other' -%}{%- do parts.append('{:,}'.format(c.distinct) ~ ' distinct') -%}{%- endif -%}
    {%- if c.filled and c.type_class == 'numeric' -%}
        {%- set form = '%.15g' if c.whole else '%.6g' -%}
        {%- if c.finite -%}{%- do parts.append(form | format(c.least) ~ ' to ' ~ form | format(c.greatest)) -%}{%- endif -%}
        {%- if c.filled > c.finite -%}{%- do parts.append('{:,}'.format(c.filled - c.finite) ~ ' NaN or infinite') -%}{%- endif -%}
    {%- elif c.filled and c.type_class == 'text' -%}
        {%- if c.blank -%}{%- do parts.append('{:,}'.format(c.blank) ~ ' blank') -%}{%- endif -%}
        {%- if c.digits == c.filled -%}
            {%- set is_id = c.role in ['prediction_id', 'request_id', 'entity_id', 'join_key'] -%}
            {%- do parts.append('numbers as text' ~ ('; ids stay text' if is_id else ': if they are no codes, cast them in the staging SQL')) -%}
        {%- elif c.times >= 0.99 * c.filled -%}
            {%- do parts.append("cast in the staging SQL by ml_monitor.safe_cast('...', 'timestamp'), then ask again") -%}
        {%- endif -%}
    {%- endif -%}
    {%- if about.rows -%}
        {%- set missing = about.rows - c.filled -%}
        {%- do parts.append('no NULL' if not missing else 'all NULL' if not c.filled else 'NULL ' ~ ml_monitor.percent(missing / about.rows)) -%}
    {%- endif -%}
    {%- if not c.portable -%}
        {%- do parts.append('a type of this engine' ~ (': cast it to UTC without zone' if 'time zone' in c.engine_type.lower() else ': cast it for others')) -%}
    {%- endif -%}
    {%- do return((parts + c.notes) | join('; ')) -%}
{% endmacro %}


{#- The properties file. -#}
{% macro suggestion_text(about) %}
    {%- set table = about.table -%}
    {%- set out = [] -%}
    {%- do out.append('# Suggested by suggest_contract from ' ~ modules.re.sub('[\\r\\n]+', ' ', about.source) ~ ': ' ~ '{:,}'.format(about.rows)
        ~ (' row' if about.rows == 1 else ' rows') ~ '. Comments say what was guessed and from what: review each line.') -%}
    {%- if about.rows < 100 and table in ['inferences', 'labels'] -%}
        {%- do out.append('# ' ~ ('No rows: roles are guessed by names and types, and there are' if about.rows == 0 else 'Fewer than 100 rows:')
            ~ ' no ranges, accepted_values or max_null_rate. Ask again when there are more.') -%}
    {%- endif -%}
    {%- set roles = about.columns | map(attribute='role') | list -%}
    {%- set needed = ml_monitor.roles_of(table)[1] + (['join_key'] if table == 'other' else []) -%}
    {%- set output = [] if table != 'inferences' else ['prediction'] if about.task == 'regression' else ['score or prediction'] -%}
    {%- for role in needed + output if not roles | select('in', role.split(' or ')) | list -%}
        {%- do out.append('# Missing: no column could be ' ~ role ~ '; the declaration is refused until one has this role.') -%}
    {%- endfor -%}
    {%- do out.extend([
        'anchors:',
        '  - &double "{{ \'double precision\' if target.type in (\'postgres\', \'redshift\') else \'double\' }}"',
        '',
        'models:',
        '  - name: ' ~ about.name,
    ]) -%}
    {%- if table == 'inferences' -%}
        {%- do out.extend([
            '    config:',
            '      contract: {enforced: true}',
            '      meta:',
            '        ml_monitor:',
            '          task: ' ~ about.task ~ '  # binary, multiclass or regression',
            '          owner: ' ~ ml_monitor.yaml_scalar(about.owner or 'team@example.com') ~ ('' if about.owner else '  # to replace: who acts on a failed gate'),
            '          time_zone: UTC  # whose hours of the day are compared',
            '          label_horizon_hours: 24  # after this, labels count as complete',
        ]) -%}
    {%- else -%}
        {%- do out.append('    config: {contract: {enforced: true}}') -%}
    {%- endif -%}
    {%- do out.append('    columns:') -%}
    {%- set taken = [] -%}
    {%- set names = about.columns | map(attribute='name') | map('lower') | list -%}
    {%- for c in about.columns -%}
        {%- set own = ml_monitor.allowed_name(c, taken, names) -%}
        {%- do taken.append(own.name.lower()) -%}
        {%- if own.refusal -%}
            {%- do c.update({'refusal': 'refused: ' ~ own.refusal
                ~ '; write in the staging SQL: select ' ~ modules.re.sub('[\\r\\n]+', ' ', c.sql) ~ ' as ' ~ own.name}) -%}
        {%- endif -%}
        {%- set meta = (['role: ' ~ c.role] if c.role != 'context' else []) + c.meta -%}
        {%- set type = '"' ~ c.data_type.replace('\\', '\\\\').replace('"', '\\"') ~ '"' if modules.re.search('[^a-z0-9_ *]', c.data_type) else c.data_type -%}
        {%- do out.append('      - {name: ' ~ ml_monitor.yaml_scalar(own.name) ~ (', quote: true' if ml_monitor.needs_quote(own.name) else '') ~ ', data_type: ' ~ type
            ~ (', config: {meta: {' ~ meta | join(', ') ~ '}}' if meta else '') ~ '}  # ' ~ ml_monitor.column_comment(c, about)) -%}
    {%- endfor -%}
    {%- do return(out | join('\n')) -%}
{% endmacro %}

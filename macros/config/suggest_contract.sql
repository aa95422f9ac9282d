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
        {%- set ns = namespace(text='ml_monitor: suggest_contract has ' ~ faults | length ~ (' wrong argument' if faults | length == 1 else ' wrong arguments') ~ '; nothing was read.') -%}
        {%- for fault in faults -%}
            {%- set ns.text = ns.text ~ '\n\n' ~ loop.index ~ '. ' ~ fault[0] ~ '\n   found:   ' ~ fault[1] ~ '\n   allowed: ' ~ fault[2] ~ '\n   write:\n       ' ~ fault[3] -%}
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
        {%- endif -%}
    {%- endfor -%}
    {%- set tables = [] -%}
    {%- for node in graph.sources.values() if node.source_name ~ '.' ~ node.name == relation or node.name == relation -%}
        {%- do tables.append(node) -%}
    {%- endfor -%}
    {%- if tables | length > 1 -%}
        {%- do ml_monitor.raise_unknown_relation(relation, 'more than one source table: ' ~ tables | map(attribute='source_name') | join('.' ~ relation ~ ', ') ~ '.' ~ relation, tables[0].source_name ~ '.' ~ relation) -%}
    {%- elif tables -%}
        {%- do return({'sql': 'select * from ' ~ source(tables[0].source_name, tables[0].name), 'about': 'source ' ~ tables[0].source_name ~ '.' ~ tables[0].name, 'stem': tables[0].name}) -%}
    {%- endif -%}
    {%- if '/' in relation or '\\' in relation or modules.re.search('[.](parquet|csv|tsv|json|jsonl|ndjson)([.](gz|zst))?$', relation) -%}
        {%- set file = ml_monitor.file_relation(relation) -%}
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
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('stg_') -%}{%- set names.models = names.models + [node.name] -%}{%- endfor -%}
    {%- for node in graph.sources.values() -%}{%- set names.tables = names.tables + [node.source_name ~ '.' ~ node.name] -%}{%- endfor -%}
    {%- do exceptions.raise_compiler_error('ml_monitor: suggest_contract: relation ' ~ relation
        ~ '\n   found:   ' ~ found
        ~ '\n   allowed: a model (' ~ (names.models | sort | join(', ') or 'none of them begins with stg_') ~ '), a source table (' ~ (names.tables | sort | join(', ') or 'none is declared')
        ~ '), a file (a path with / or .parquet, .csv, .tsv, .json, .jsonl, .ndjson at its end; on DuckDB), a relation of the database (schema.table; here schema ' ~ target.schema ~ ')'
        ~ "\n   write:\n       dbt run-operation suggest_contract --args '{relation: " ~ example ~ "}'") -%}
{% endmacro %}


{#- A file, or files by a glob, as SQL selects from it. Raises: a file that is not there; an engine that reads no files. -#}
{% macro file_relation(path) %}
    {%- do return(adapter.dispatch('file_relation', 'ml_monitor')(path)) -%}
{% endmacro %}

{% macro default__file_relation(path) %}
    {%- do ml_monitor.raise_unknown_relation(path, 'a file, which ' ~ target.type ~ ' does not read: load it into a table', 'raw.weather') -%}
{% endmacro %}

{% macro duckdb__file_relation(path) %}
    {%- set literal = ml_monitor.string_literal(path) -%}
    {%- if run_query('select count(*) from glob(' ~ literal ~ ')').rows[0][0] == 0 -%}
        {%- do ml_monitor.raise_unknown_relation(path, 'no such file, seen from the folder dbt runs in', 'data/raw/weather.parquet') -%}
    {%- endif -%}
    {%- if modules.re.search('[.](csv|tsv)([.](gz|zst))?$', path) -%}{%- do return('read_csv(' ~ literal ~ ', union_by_name = true)') -%}{%- endif -%}
    {%- if modules.re.search('[.](json|jsonl|ndjson)([.](gz|zst))?$', path) -%}{%- do return('read_json(' ~ literal ~ ', union_by_name = true)') -%}{%- endif -%}
    {%- do return('read_parquet(' ~ literal ~ ', union_by_name = true)') -%}
{% endmacro %}


{#-
  The columns of a select, in order: dicts {name, key (the name in plain lower-case letters), sql, engine_type, data_type (as YAML
  writes it), portable, type_class}. The class is numeric, text, boolean, timestamp, date or other, which has no order.
-#}
{% macro suggestion_columns(sql) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for one in ml_monitor.names_and_types(sql) -%}
        {%- set base = one[1].lower().split('(')[0].strip() -%}
        {%- set portable = ml_monitor.portable_types().get(one[1].lower()) or ('string' if base in ['varchar', 'character varying', 'char', 'character', 'bpchar'] else none) -%}
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


{#- [[name, type], ...] of a select, types as the engine names them. -#}
{% macro names_and_types(sql) %}
    {%- do return(adapter.dispatch('names_and_types', 'ml_monitor')(sql)) -%}
{% endmacro %}

{% macro default__names_and_types(sql) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in adapter.get_column_schema_from_query('select * from (\n' ~ sql ~ '\n) as data where 1 = 0') -%}
        {%- set ns.columns = ns.columns + [[column.name, column.dtype]] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}

{#- The driver knows a type by its family only. -#}
{% macro postgres__names_and_types(sql) %}
    {%- set ns = namespace(names=[], types=[], columns=[]) -%}
    {%- for column in adapter.get_column_schema_from_query('select * from (\n' ~ sql ~ '\n) as data where 1 = 0') -%}
        {%- set ns.names = ns.names + [column.name] -%}
        {%- set ns.types = ns.types + ['cast(pg_typeof(data.' ~ adapter.quote(column.name.replace('"', '""')) ~ ') as text)'] -%}
    {%- endfor -%}
    {%- set row = run_query('select ' ~ ns.types | join(', ') ~ ' from (select 1 as one) as one left join (\n' ~ sql ~ '\n) as data on 1 = 0').rows[0] -%}
    {%- for name in ns.names -%}{%- set ns.columns = ns.columns + [[name, row[loop.index0]]] -%}{%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}

{#- Texts come with a mark ahead, since dbt takes some texts of a result for numbers or nothing. -#}
{% macro duckdb__names_and_types(sql) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for row in run_query("select '=' || column_name as column_name, '=' || column_type as column_type from (describe (\n" ~ sql ~ '\n))').rows -%}
        {%- set ns.columns = ns.columns + [[row[0][1:], row[1][1:]]] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#-
  Adds to each column what its values say: rows, values (not NULL), distinct, null_limit (Wilson upper bound of the NULL rate); for numbers
  finite, least, greatest, p001, p250, p750, p999, whole_values, outside_unit; for texts blank, digits (numeric texts), times (ISO timestamps).
  One scan for each 50 columns. Quantiles interpolate between values.
-#}
{% macro measure_columns(sql, columns) %}
    {%- for batch in columns | batch(50) -%}
        {%- set ns = namespace(values=[], statistics=[]) -%}
        {%- for c in batch -%}
            {%- set i = loop.index0 -%}
            {%- set v = 'v' ~ i -%}
            {%- set number = ml_monitor.float64(c.sql) -%}
            {%- set ns.values = ns.values + [
                'case when not (' ~ ml_monitor.is_nan(number) ~ ') and not (' ~ ml_monitor.is_infinite(number) ~ ') then ' ~ number ~ ' end as ' ~ v if c.type_class == 'numeric'
                else 'cast(' ~ c.sql ~ ' as ' ~ dbt.type_string() ~ ') as ' ~ v if c.type_class == 'text'
                else c.sql ~ ' as ' ~ v
            ] -%}
            {%- if c.type_class == 'numeric' -%}{%- set ns.values = ns.values + [c.sql ~ ' as r' ~ i] -%}{%- endif -%}
            {%- set raw = ('r' if c.type_class == 'numeric' else 'v') ~ i -%}
            {%- set statistics = {
                'values': 'count(' ~ raw ~ ')',
                'null_limit': ml_monitor.wilson('(count(*) - count(' ~ raw ~ '))', 'count(*)', 'high'),
            } -%}
            {%- if c.type_class != 'other' -%}{%- do statistics.update({'distinct': 'count(distinct ' ~ raw ~ ')'}) -%}{%- endif -%}
            {%- if c.type_class == 'numeric' -%}
                {%- do statistics.update({
                    'finite': 'count(' ~ v ~ ')', 'least': 'min(' ~ v ~ ')', 'greatest': 'max(' ~ v ~ ')',
                    'whole_values': 'sum(case when ' ~ v ~ ' = floor(' ~ v ~ ') then 1 else 0 end)',
                    'outside_unit': 'sum(case when ' ~ ml_monitor.is_outside(v, 0, 1) ~ ' then 1 else 0 end)',
                }) -%}
                {%- for name, share in {'p001': '0.001', 'p250': '0.25', 'p750': '0.75', 'p999': '0.999'}.items() -%}
                    {%- do statistics.update({name: 'percentile_cont(' ~ share ~ ') within group (order by ' ~ v ~ ')'}) -%}
                {%- endfor -%}
            {%- elif c.type_class == 'text' -%}
                {%- do statistics.update({
                    'blank': 'sum(case when ' ~ ml_monitor.is_empty_text(v) ~ ' then 1 else 0 end)',
                    'digits': 'sum(case when ' ~ ml_monitor.is_numeric_text(v) ~ ' then 1 else 0 end)',
                    'times': 'sum(case when ' ~ ml_monitor.matches(v, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}.*)?$') ~ ' then 1 else 0 end)',
                }) -%}
            {%- endif -%}
            {%- do c.update({'statistics': statistics}) -%}
            {%- for name, expression in statistics.items() -%}{%- set ns.statistics = ns.statistics + [expression ~ ' as c' ~ i ~ '_' ~ name] -%}{%- endfor -%}
        {%- endfor -%}
        {%- set query -%}
with

data as (

    {{ sql | indent(4) }}

),

measurable as (

    select
        {{ ns.values | join(',\n        ') }}
    from data

),

final as (

    select
        count(*) as row_count,
        {{ ns.statistics | join(',\n        ') }}
    from measurable

)

select * from final
        {%- endset -%}
        {%- set row = run_query(query).rows[0] -%}
        {%- for c in batch -%}
            {%- set i = loop.index0 -%}
            {%- do c.update({'rows': row['row_count'] | int}) -%}
            {%- for name in c.pop('statistics') -%}
                {%- set value = row['c' ~ i ~ '_' ~ name] -%}
                {%- do c.update({name: none if value is none else value | float if name in ['null_limit', 'least', 'greatest', 'p001', 'p250', 'p750', 'p999'] else value | int}) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}


{#- inferences, labels, reference or other: by the name, else by which of the telling columns there are. -#}
{% macro suggested_table(stem, columns) %}
    {%- set key = stem.lower() -%}
    {%- if key.startswith('stg_') and '__' in key -%}
        {%- set table = key.split('__')[-1] -%}
        {%- do return(table if table in ['inferences', 'labels', 'reference'] else 'other') -%}
    {%- endif -%}
    {%- for table, pattern in {'labels': 'label|outcome|ground_?truth|actuals', 'reference': 'reference|training|train_set|baseline', 'inferences': 'inference|prediction|scoring|scores'}.items()
        if modules.re.search(pattern, key) -%}
        {%- do return(table) -%}
    {%- endfor -%}
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
    {%- for monitor, parts in monitors.items() if ns.monitor == 'monitor' and (key in (parts or []) or monitors | length == 1) -%}{%- set ns.monitor = monitor -%}{%- endfor -%}
    {%- do return('stg_' ~ ns.monitor ~ '__' ~ key) -%}
{% endmacro %}


{#- The names that speak for a role, best first: regular expressions for the whole name, in lower case with one `_` between words. -#}
{% macro role_names(role) %}
    {%- set moment = '(time|timestamp|ts|at|date_?time)' -%}
    {%- do return({
        'prediction_id': ['prediction_id', 'pred_id', '(inference|scoring|score)_id', '(event|row|record)_id', 'id', 'uuid|guid', '.*_(uuid|guid)'],
        'event_time': ['event_' ~ moment, '(scored|predicted|requested|inferred)_at', '(prediction|scoring|inference|request)_' ~ moment, 'occurred_at|occurrence_' ~ moment,
            'timestamp|ts|time|date_?time', 'created(_at|_time)?', 'at'],
        'ingest_time': ['(ingest|ingestion|ingested)_' ~ moment, '(load|loaded|insert|inserted|stored|written|logged|received|landed|saved|recorded|arrived)_' ~ moment, '(.*_)?(ingest|etl|loaded)(_.*)?'],
        'model_version': ['model_version', 'version', 'model_(ver|tag|revision|release)', 'model|model_name', 'model_id'],
        'request_id': ['request_id', '(req|call|trace|correlation)_id'],
        'entity_id': ['entity_id', '(customer|user|account|client|member|patient|subject|device|household|person)_id',
            '(order|session|item|product|loan|application|contract|flight)_id', '.*_id'],
        'score': ['score', 'model_score|prediction_score|(predicted_)?(probability|prob|proba)', '.*_(score|prob|proba|probability)', '(score|prob|proba|probability)_.*', 'confidence|propensity|likelihood'],
        'prediction': ['prediction', 'predicted|pred|y_hat|yhat|y_pred', '(predicted|prediction|pred)_.*', '.*_(prediction|pred)', 'decision|forecast|estimate|class|output'],
        'latency_ms': ['latency_ms', '(.*_)?(latency|duration|elapsed|response_time|response|took)_ms', 'latency'],
        'status': ['status', '(.*_)?status(_code)?', 'response_code'],
        'label': ['label', '(true|final|actual)_label|ground_truth|truth', 'y|y_true|target|outcome|actual', '.*_label|actual_.*|outcome_.*', 'class|value'],
        'label_time': ['label(l?ed)?_' ~ moment, '(outcome|observation|observed|resolution|resolved|completed|actual)_' ~ moment, '(event|occurred)_' ~ moment, 'when|timestamp|ts|time|date_?time|at'],
    }[role]) -%}
{% endmacro %}


{#- The column whose name speaks best for a role, among those of the given classes that have no role yet; none if no name does. -#}
{% macro by_name(columns, role, classes) %}
    {%- set ns = namespace(found=none) -%}
    {%- for pattern in ml_monitor.role_names(role) -%}
        {%- for c in columns if ns.found is none and c.why == '' and c.type_class in classes and modules.re.match('^(' ~ pattern ~ ')$', c.key) -%}
            {%- set ns.found = c -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(ns.found) -%}
{% endmacro %}


{#-
  Sets role and why (what it was guessed from) of every column. A name proposes; type and data may refuse. Where no name speaks for
  a required role, the data do. A column with a role keeps it; what is left is feature or context.
-#}
{% macro guess_roles(about) %}
    {%- set columns = about.columns -%}
    {%- set rows = about.rows -%}
    {%- set keys = ['text', 'numeric'] -%}
    {%- if about.table in ['inferences', 'labels'] -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'prediction_id', keys), 'prediction_id', 'by name') -%}
    {%- endif -%}
    {%- if about.table == 'inferences' -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'event_time', ['timestamp']), 'event_time', 'by name') -%}
    {%- elif about.table == 'labels' -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'label', ['numeric', 'text', 'boolean']), 'label', 'by name') -%}
    {%- elif about.table == 'reference' -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'label', ['numeric', 'text', 'boolean']), 'label', 'by name') -%}
    {%- endif -%}
    {%- if about.table in ['inferences', 'labels'] -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'ingest_time', ['timestamp']), 'ingest_time', 'by name') -%}
    {%- endif -%}
    {%- if about.table == 'labels' -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'label_time', ['timestamp']), 'label_time', 'by name') -%}
    {%- endif -%}
    {%- if about.table in ['inferences', 'reference'] -%}
        {%- set version = ml_monitor.by_name(columns, 'model_version', ['text', 'numeric']) -%}
        {%- if version and (version.distinct <= 100 or version.key == 'model_version') -%}{%- do ml_monitor.take_role(version, 'model_version', 'by name') -%}{%- endif -%}
    {%- endif -%}
    {%- if about.table == 'inferences' -%}
        {%- set score = ml_monitor.by_name(columns, 'score', ['numeric']) -%}
        {%- if score and (score.outside_unit or 0) <= 0.001 * (score.finite or 0) -%}
            {%- do ml_monitor.take_role(score, 'score', 'by name, ' ~ ('all values in [0, 1]' if not score.outside_unit else score.outside_unit ~ ' values outside [0, 1]')) -%}
        {%- elif score -%}
            {%- do score.notes.append('named like a score, but ' ~ score.outside_unit ~ ' values are outside [0, 1]') -%}
        {%- endif -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'prediction', ['numeric', 'text', 'boolean']), 'prediction', 'by name') -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'latency_ms', ['numeric']), 'latency_ms', 'by name') -%}
        {%- set status = ml_monitor.by_name(columns, 'status', ['text', 'numeric']) -%}
        {%- if status and status.distinct <= 100 -%}{%- do ml_monitor.take_role(status, 'status', 'by name') -%}{%- endif -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'request_id', keys), 'request_id', 'by name') -%}
    {%- endif -%}

    {#- What no name spoke for. -#}
    {%- if about.table in ['inferences', 'labels'] and not columns | selectattr('role', 'equalto', 'prediction_id') | list -%}
        {%- set ns = namespace(found=none) -%}
        {%- for c in columns if ns.found is none and c.why == '' and rows > 1 and (c.type_class == 'text' or c.whole) and c.distinct >= 0.9 * rows -%}{%- set ns.found = c -%}{%- endfor -%}
        {%- do ml_monitor.take_role(ns.found, 'prediction_id', 'the first with a value of its own in almost every row') -%}
    {%- endif -%}
    {%- if about.table == 'inferences' -%}
        {%- if not columns | selectattr('role', 'equalto', 'event_time') | list -%}
            {%- do ml_monitor.take_role((columns | selectattr('type_class', 'equalto', 'timestamp') | selectattr('why', 'equalto', '') | list + [none])[0], 'event_time', 'the first timestamp') -%}
        {%- endif -%}
        {%- do ml_monitor.judge_ingest_time(about) -%}
        {%- do ml_monitor.take_role(ml_monitor.by_name(columns, 'entity_id', keys), 'entity_id', 'by name') -%}
    {%- elif about.table == 'labels' -%}
        {%- if not columns | selectattr('role', 'equalto', 'label_time') | list -%}
            {%- do ml_monitor.take_role((columns | selectattr('type_class', 'equalto', 'timestamp') | selectattr('why', 'equalto', '') | list + [none])[0], 'label_time', 'the first timestamp') -%}
        {%- endif -%}
        {%- set left = columns | selectattr('why', 'equalto', '') | selectattr('type_class', 'in', ['numeric', 'text', 'boolean']) | list -%}
        {%- if not columns | selectattr('role', 'equalto', 'label') | list and left | length == 1 -%}
            {%- do ml_monitor.take_role(left[0], 'label', 'the only column left') -%}
        {%- endif -%}
    {%- elif about.table == 'other' -%}
        {%- do ml_monitor.guess_join_keys(about) -%}
    {%- endif -%}

    {%- set labels = ml_monitor.role_names('label')[:3] | join('|') -%}
    {%- for c in columns if c.why == '' -%}
        {%- if about.table != 'inferences' -%}
            {%- do c.update({'role': 'context'}) -%}
        {%- elif not c.get('values') -%}
            {%- do c.update({'why': 'no value to tell from'}) -%}
        {%- elif modules.re.match('^(' ~ labels ~ ')$', c.key) -%}
            {%- do c.update({'why': 'named like a label: as a feature it would be leakage'}) -%}
        {%- elif c.type_class == 'boolean' -%}
            {%- do c.update({'role': 'feature', 'why': 'a boolean'}) -%}
        {%- elif modules.re.match('^(.*_)?(id|key|uuid|guid|hash)$', c.key) -%}
            {%- do c.update({'why': 'named like a key'}) -%}
        {%- elif c.type_class == 'numeric' and c.whole and rows >= 100 and c.distinct >= 0.95 * rows -%}
            {%- do c.update({'why': 'whole numbers, almost all different, as keys are'}) -%}
        {%- elif c.type_class == 'numeric' -%}
            {%- do c.update({'role': 'feature', 'why': 'a number'}) -%}
        {%- elif c.type_class == 'text' and c.times >= 0.99 * c.get('values') -%}
            {%- do c.update({'why': 'timestamps as text'}) -%}
        {%- elif c.type_class == 'text' and c.distinct <= 500 and (rows < 100 or c.distinct <= 0.5 * c.get('values')) -%}
            {%- do c.update({'role': 'feature', 'why': 'a text of few values'}) -%}
        {%- elif c.type_class == 'text' -%}
            {%- do c.update({'why': 'a text of many values'}) -%}
        {%- else -%}
            {%- do c.update({'why': 'a ' ~ (c.type_class if c.type_class != 'other' else c.engine_type.lower().split('(')[0])}) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- Gives a column (or none) a role. -#}
{% macro take_role(column, role, why) %}
    {%- if column -%}{%- do column.update({'role': role, 'why': why}) -%}{%- endif -%}
{% endmacro %}


{#-
  Ingest time comes after the event: a column named so that does not is refused. Then, or without such a name, the first timestamp is taken that
  does in 95 % of its rows, unless its name speaks of something else. Ten minutes are the default event_tolerance_minutes.
-#}
{% macro judge_ingest_time(about) %}
    {%- set event = (about.columns | selectattr('role', 'equalto', 'event_time') | list + [none])[0] -%}
    {%- set named = (about.columns | selectattr('role', 'equalto', 'ingest_time') | list + [none])[0] -%}
    {%- set ns = namespace(candidates=[named] if named else [], counts=[]) -%}
    {%- for c in about.columns if c.type_class == 'timestamp' and c.why == '' and c.get('values')
        and not modules.re.search('label|outcome|actual|valid|expir|due|sched|plan|depart|arriv|start|end|until|birth|hour|day', c.key) -%}
        {%- set ns.candidates = ns.candidates + [c] -%}
    {%- endfor -%}
    {%- if event and event.get('values') and ns.candidates -%}
        {%- for c in ns.candidates -%}
            {%- set latest = 'cast(' ~ ml_monitor.date_add('minute', 10, c.sql) ~ ' as timestamp)' -%}
            {%- set ns.counts = ns.counts + [
                'count(case when ' ~ event.sql ~ ' is not null then ' ~ c.sql ~ ' end) as both_' ~ loop.index0,
                'count(case when ' ~ event.sql ~ ' <= ' ~ latest ~ ' then 1 end) as in_order_' ~ loop.index0,
            ] -%}
        {%- endfor -%}
        {%- set query -%}
select
    {{ ns.counts | join(',\n    ') }}
from (
    {{ about.sql | indent(4) }}
) as data
        {%- endset -%}
        {%- set row = run_query(query).rows[0] -%}
        {%- set taken = namespace(done=false) -%}
        {%- for c in ns.candidates -%}
            {%- set both = row['both_' ~ loop.index0] | int -%}
            {%- set share = (row['in_order_' ~ loop.index0] | int) / both if both else 0 -%}
            {%- if both and share >= 0.95 and not taken.done -%}
                {%- do ml_monitor.take_role(c, 'ingest_time', ('by name' if c.role == 'ingest_time' else 'a timestamp') ~ ', not before the event in ' ~ ml_monitor.percent(share) ~ ' of rows') -%}
                {%- set taken.done = true -%}
            {%- elif both and c.role == 'ingest_time' -%}
                {%- do c.update({'role': 'context', 'why': 'named like ingest_time, but before the event in ' ~ ml_monitor.percent(1 - share) ~ ' of rows'}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#-
  join_key of a lookup: the fewest columns, at most two, that tell its rows apart. Where the inferences of the monitor are declared, only columns
  that they have too; a key `id` of the lookup `customer` is their `customer_id`.
-#}
{% macro guess_join_keys(about) %}
    {%- set name = about.name.split('__') -%}
    {%- set inferences = ml_monitor.staging_node(name[0][4:], 'inferences') if name | length == 2 else none -%}
    {%- set declared = inferences.columns.keys() | list if inferences else [] -%}
    {%- set ns = namespace(candidates=[], keys=[], why='', pairs=[]) -%}
    {%- for c in about.columns if c.type_class in ['text', 'timestamp', 'date'] or c.whole -%}
        {%- if not declared or c.name in declared -%}
            {%- set ns.candidates = ns.candidates + [c] -%}
        {%- elif name[1] ~ '_' ~ c.name in declared -%}
            {%- do c.update({'inference_column': name[1] ~ '_' ~ c.name}) -%}
            {%- set ns.candidates = ns.candidates + [c] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for c in ns.candidates if not ns.keys and about.rows and c.distinct == about.rows -%}
        {%- set ns.keys = [c] -%}
        {%- set ns.why = 'different in every row' -%}
    {%- endfor -%}
    {%- if not ns.keys and about.rows -%}
        {%- for first in ns.candidates[:6] -%}
            {%- for second in ns.candidates[:6] if ns.candidates.index(second) > ns.candidates.index(first) -%}
                {%- set ns.pairs = ns.pairs + [[first, second]] -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if ns.pairs -%}
            {%- set counts = namespace(list=[]) -%}
            {%- for pair in ns.pairs -%}{%- set counts.list = counts.list + ['count(distinct (' ~ pair[0].sql ~ ', ' ~ pair[1].sql ~ ')) as pair_' ~ loop.index0] -%}{%- endfor -%}
            {%- set query -%}
select
    {{ counts.list | join(',\n    ') }}
from (
    {{ about.sql | indent(4) }}
) as data
            {%- endset -%}
            {%- set row = run_query(query).rows[0] -%}
            {%- for pair in ns.pairs -%}
                {%- set count = row['pair_' ~ loop.index0] | int -%}
                {%- if not ns.keys and count >= 0.99 * about.rows -%}
                    {%- set ns.keys = pair -%}
                    {%- set ns.why = 'as a pair different in ' ~ ml_monitor.percent(count / about.rows) ~ ' of rows' -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {%- if not ns.keys and ns.candidates -%}
        {%- set ns.keys = ns.candidates if declared else ns.candidates[:1] -%}
        {%- set ns.why = 'also a column of the inferences' if declared else 'the first that could be a key; nothing tells rows apart' -%}
    {%- endif -%}
    {%- for c in ns.keys -%}
        {%- do ml_monitor.take_role(c, 'join_key', ns.why) -%}
        {%- if c.inference_column -%}{%- do c.meta.append('inference_column: ' ~ ml_monitor.yaml_scalar(c.inference_column)) -%}{%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- binary, multiclass or regression, by what is predicted. -#}
{% macro guess_task(columns) %}
    {%- set score = columns | selectattr('role', 'equalto', 'score') | list -%}
    {%- set prediction = (columns | selectattr('role', 'equalto', 'prediction') | list + [none])[0] -%}
    {%- if not prediction or prediction.type_class == 'boolean' -%}{%- do return('binary') -%}{%- endif -%}
    {%- if prediction.type_class == 'text' -%}{%- do return('multiclass') -%}{%- endif -%}
    {%- if not prediction.outside_unit and prediction.whole_values == prediction.finite and (prediction.finite or score) -%}{%- do return('binary') -%}{%- endif -%}
    {%- if score or (prediction.whole and prediction.distinct <= 20) -%}{%- do return('multiclass') -%}{%- endif -%}
    {%- do return('regression') -%}
{% endmacro %}


{#-
  Adds to `meta` of each column what the data say of its limits: min, max, accepted_values, max_null_rate. Only where rows arrive
  (inferences and labels), and only from 100 values on. docs/suggest_contract.md gives the rules.
-#}
{% macro guess_limits(about) %}
    {%- set judged = ['feature', 'score', 'prediction', 'latency_ms', 'status', 'label'] -%}
    {%- set ns = namespace(lists=[]) -%}
    {%- for c in about.columns if about.table in ['inferences', 'labels'] -%}
        {%- set categorical = c.role == 'prediction' and about.task != 'regression' and c.type_class == 'numeric' -%}
        {%- if c.role == 'score' -%}
            {%- do c.meta.extend(['min: 0', 'max: 1']) -%}
        {%- elif c.role in judged and (c.type_class == 'text' or (categorical and c.whole)) and c.get('values') >= 100 -%}
            {%- if c.distinct == 1 -%}
                {%- do c.notes.append('constant, so no accepted_values') -%}
            {%- elif c.distinct <= about.max_accepted_values -%}
                {%- set ns.lists = ns.lists + [c] -%}
            {%- endif -%}
        {%- elif c.role in judged and c.type_class == 'numeric' and not categorical -%}
            {%- do ml_monitor.add_range(c) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if ns.lists -%}{%- do ml_monitor.add_accepted_values(about, ns.lists) -%}{%- endif -%}
    {#- Some number types of an engine are not known as numbers. -#}
    {%- for c in about.columns if c.type_class == 'numeric' and c.role in judged and 'kind: categorical' not in c.meta and ml_monitor.kind_of_type(c.engine_type) != 'numeric' -%}
        {%- do c.meta.insert(0, 'kind: numeric') -%}
    {%- endfor -%}
    {%- for c in about.columns if about.table in ['inferences', 'labels'] and about.rows >= 100 and c.get('values') -%}
        {%- set limit = [c.null_limit, 0.001] | max -%}
        {%- do c.meta.append('max_null_rate: ' ~ (1 if limit >= 0.995 else ml_monitor.rounded_outward(limit, 'up'))) -%}
    {%- endfor -%}
    {%- do ml_monitor.add_worst_days(about) -%}
{% endmacro %}


{#-
  Notes for columns with some NULLs how large their share was on the worst day of the event time, among days of 100 rows or more: a limit for
  all rows is exceeded on such a day. One scan.
-#}
{% macro add_worst_days(about) %}
    {%- set event = (about.columns | selectattr('role', 'equalto', 'event_time') | list + [none])[0] -%}
    {%- set ns = namespace(columns=[], rates=[], worst=[]) -%}
    {%- for c in about.columns if about.rows >= 100 and c.get('values') and c.get('values') < about.rows and c.role != 'event_time' -%}
        {%- set ns.rates = ns.rates + [ml_monitor.ratio('(count(*) - count(' ~ c.sql ~ '))', 'count(*)') ~ ' as rate_' ~ ns.columns | length] -%}
        {%- set ns.worst = ns.worst + ['max(rate_' ~ ns.columns | length ~ ') as worst_' ~ ns.columns | length] -%}
        {%- set ns.columns = ns.columns + [c] -%}
    {%- endfor -%}
    {%- if event and event.get('values') and ns.columns -%}
        {%- set query -%}
with

data as (

    {{ about.sql | indent(4) }}

),

days as (

    select
        {{ ml_monitor.truncate('day', event.sql) }} as event_day,
        {{ ns.rates | join(',\n        ') }}
    from data
    where {{ event.sql }} is not null
    group by {{ ml_monitor.truncate('day', event.sql) }}
    having count(*) >= 100

),

final as (

    select
        {{ ns.worst | join(',\n        ') }}
    from days

)

select * from final
        {%- endset -%}
        {%- set row = run_query(query).rows[0] -%}
        {%- for c in ns.columns -%}
            {%- set worst = row['worst_' ~ loop.index0] -%}
            {%- if worst is not none -%}{%- do c.notes.append('worst day ' ~ ml_monitor.percent(worst | float)) -%}{%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#-
  min and max of a number: percentiles 0.1 and 99.9, half an interquartile range further out, rounded outward to two digits. A side on
  which 0 is the end of the data stays 0; shares get [0, 1]; a latency has no end upward.
-#}
{% macro add_range(c) %}
    {%- if (c.finite or 0) < 100 -%}{%- do return('') -%}{%- endif -%}
    {%- if c.least == c.greatest -%}
        {%- do c.notes.append('constant, so no range') -%}
    {%- elif c.role == 'latency_ms' -%}
        {%- if c.least >= 0 -%}{%- do c.meta.append('min: 0') -%}{%- endif -%}
    {%- elif c.least >= 0 and c.greatest <= 1 and c.greatest >= 0.5 -%}
        {%- do c.meta.extend(['min: 0', 'max: 1']) -%}
    {%- else -%}
        {%- set margin = (c.p750 - c.p250 if c.p750 > c.p250 else c.p999 - c.p001) / 2 -%}
        {%- set ns = namespace(low=c.p001 - margin, high=c.p999 + margin) -%}
        {%- if c.whole -%}
            {%- set ns.low = ns.low | round(0, 'floor') -%}
            {%- set ns.high = ns.high | round(0, 'ceil') -%}
        {%- endif -%}
        {%- if c.least == 0 or (c.least > 0 and ns.low < 0) -%}{%- set ns.low = 0 -%}{%- endif -%}
        {%- if c.greatest == 0 or (c.greatest < 0 and ns.high > 0) -%}{%- set ns.high = 0 -%}{%- endif -%}
        {%- if margin > 0 or ns.low == 0 -%}{%- do c.meta.append('min: ' ~ ml_monitor.rounded_outward(ns.low, 'down')) -%}{%- endif -%}
        {%- if margin > 0 or ns.high == 0 -%}{%- do c.meta.append('max: ' ~ ml_monitor.rounded_outward(ns.high, 'up')) -%}{%- endif -%}
        {%- if margin == 0 -%}{%- do c.notes.append('almost constant') -%}{%- endif -%}
    {%- endif -%}
{% endmacro %}


{#-
  accepted_values of columns that have few: all of them, if none is rare (fewer than 5 rows, or than 0.1 % of the values). A rare one may be
  a fault or a value that is seldom; then there is no list, and the comment says so. Blank texts and texts above 200 letters are not listed.
  One scan for all columns.
-#}
{% macro add_accepted_values(about, columns) %}
    {%- set ns = namespace(casts=[], names=[], sets=[], numbers=[]) -%}
    {%- for c in columns -%}
        {%- set ns.casts = ns.casts + ["'=' || cast(" ~ c.sql ~ ' as ' ~ dbt.type_string() ~ ') as v' ~ loop.index0] -%}
        {%- set ns.names = ns.names + ['v' ~ loop.index0] -%}
        {%- set ns.sets = ns.sets + ['(v' ~ loop.index0 ~ ')'] -%}
        {%- set ns.numbers = ns.numbers + ['when grouping(v' ~ loop.index0 ~ ') = 0 then ' ~ loop.index0] -%}
    {%- endfor -%}
    {%- set query -%}
with

data as (

    {{ about.sql | indent(4) }}

),

texts as (

    select
        {{ ns.casts | join(',\n        ') }}
    from data

),

final as (

    select
        case {{ ns.numbers | join(' ') }} end as column_number,
        coalesce({{ ns.names | join(', ') }}, null) as value,
        count(*) as row_count
    from texts
    group by grouping sets ({{ ns.sets | join(', ') }})

)

select * from final where value is not null
    {%- endset -%}
    {%- set counted = run_query(query).rows -%}
    {%- for c in columns -%}
        {%- set number = loop.index0 -%}
        {%- set one = namespace(values=[], rare=0, unlisted=0) -%}
        {%- for row in counted | sort(attribute='1', case_sensitive=true) if row[0] | int == number -%}
            {%- set value = row[1][1:] -%}
            {%- if not value.strip() or value | length > 200 -%}
                {%- set one.unlisted = one.unlisted + 1 -%}
            {%- elif row[2] < [5, 0.001 * c.get('values')] | max -%}
                {%- set one.rare = one.rare + 1 -%}
            {%- else -%}
                {%- set one.values = one.values + [value if c.type_class == 'numeric' else ml_monitor.yaml_scalar(value)] -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if one.rare -%}
            {%- do c.notes.append(one.rare ~ ' rare, so no accepted_values') -%}
        {%- elif one.values -%}
            {%- do c.meta.extend((['kind: categorical'] if c.type_class == 'numeric' else []) + ['accepted_values: [' ~ one.values | join(', ') ~ ']']) -%}
            {%- if one.unlisted -%}{%- do c.notes.append(one.unlisted ~ ' blank or long, not listed') -%}{%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- A number as text with two significant digits, not below (`up`) or above (`down`) itself. Floats are read to ten digits. -#}
{% macro rounded_outward(number, direction) %}
    {%- if number == 0 -%}{%- do return('0') -%}{%- endif -%}
    {%- if number < 0 -%}
        {%- set size = ml_monitor.rounded_outward(-number, 'down' if direction == 'up' else 'up') -%}
        {%- do return('0' if size == '0' else '-' ~ size) -%}
    {%- endif -%}
    {%- if number < 1e-12 -%}{%- do return('0' if direction == 'down' else '0.000000000001') -%}{%- endif -%}
    {%- set parts = ('%.9e' | format(number)).split('e') -%}
    {%- set digits = parts[0].replace('.', '') -%}
    {%- set exponent = parts[1] | int - 1 -%}
    {%- set first = digits[:2] | int + (1 if direction == 'up' and digits[2:] | int > 0 else 0) -%}
    {#- YAML takes 1e+99 for a text. -#}
    {%- if exponent > 15 -%}{%- do return('%.1e' | format((first ~ 'e' ~ exponent) | float)) -%}{%- endif -%}
    {%- if exponent >= 0 -%}{%- do return((first * 10 ** exponent) | string) -%}{%- endif -%}
    {%- set digits = '%0' ~ (1 - exponent) ~ 'd' -%}
    {%- set text = digits | format(first) -%}
    {%- do return((text[:exponent] ~ '.' ~ text[exponent:]).rstrip('0').rstrip('.')) -%}
{% endmacro %}


{#- A share as a percentage with at most three digits, for comments. -#}
{% macro percent(share) %}
    {%- set text = '%.3g' | format(100 * share) -%}
    {%- do return(('almost 100' if text == '100' and share < 1 else text) ~ ' %') -%}
{% endmacro %}


{#-
  A text as a YAML scalar for a flow collection on one line. Plain if it can only be read as text; else in double quotes, with the Jinja in it
  written so that dbt gives it back.
-#}
{% macro yaml_scalar(value) %}
    {%- if modules.re.match('^[A-Za-z_][A-Za-z0-9_]*([ .@-][A-Za-z0-9_]+)*$', value) and not modules.re.match('^(y|n|yes|no|on|off|true|false|null|none|nan|inf)$', value.lower()) -%}
        {%- do return(value) -%}
    {%- endif -%}
    {%- set ns = namespace(text='') -%}
    {%- for letter in modules.re.sub('(\\{[{%#])', "{{ '\\1' }}", value) -%}
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
    {%- set kept = 'all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint binary bit boolean both by case cast char character check coalesce collate collation
        column columns concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
        desc describe distinct do else end except exists extract false fetch float for foreign freeze from full generated glob grant greatest group grouping grouping_id having ilike in initially inner inout int
        integer intersect interval into is isnull join json json_array json_arrayagg json_object json_objectagg json_scalar json_serialize json_table lambda lateral leading least left like limit localtime
        localtimestamp map merge_action national natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay pivot pivot_longer pivot_wider placing
        position positional precision primary qualify real references returning right row select semi session_user setof show similar smallint some struct substring summarize symmetric system_user
        table tablesample then time timestamp to trailing treat trim true try_cast tuple union unique unpack unpivot user using values varchar variadic verbose when where window with xmlattributes
        xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable' -%}
    {%- do return(not modules.re.match('^[a-z_][a-z0-9_]*$', name) or name in kept.split()) -%}
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
    {%- set ns = namespace(parts=[c.refusal] if c.refusal else []) -%}
    {%- if c.why -%}{%- set ns.parts = ns.parts + [c.role ~ ': ' ~ c.why] -%}{%- endif -%}
    {%- if about.rows -%}
        {%- if c.distinct is not undefined and c.distinct is not none and c.get('values') -%}{%- set ns.parts = ns.parts + ['{:,}'.format(c.distinct) ~ ' distinct'] -%}{%- endif -%}
        {%- if c.type_class == 'numeric' and c.finite -%}{%- set form = '%.15g' if c.whole else '%.6g' -%}{%- set ns.parts = ns.parts + [form | format(c.least) ~ ' to ' ~ form | format(c.greatest)] -%}{%- endif -%}
        {%- if c.type_class == 'numeric' and c.get('values') > c.finite -%}{%- set ns.parts = ns.parts + ['{:,}'.format(c.get('values') - c.finite) ~ ' NaN or infinite'] -%}{%- endif -%}
        {%- if c.type_class == 'text' and c.blank -%}{%- set ns.parts = ns.parts + ['{:,}'.format(c.blank) ~ ' blank'] -%}{%- endif -%}
        {%- if c.type_class == 'text' and c.get('values') and c.digits == c.get('values') -%}{%- set ns.parts = ns.parts + ['numbers as text' ~ ('; ids stay text' if c.role in ['prediction_id', 'request_id', 'entity_id', 'join_key'] else ': if they are no codes, cast them in the staging SQL')] -%}{%- endif -%}
        {%- if c.type_class == 'text' and c.get('values') and c.times >= 0.99 * c.get('values') -%}{%- set ns.parts = ns.parts + ["cast in the staging SQL by ml_monitor.safe_cast('...', 'timestamp'), then ask again"] -%}{%- endif -%}
        {%- set missing = about.rows - c.get('values') -%}
        {%- set ns.parts = ns.parts + ['no NULL' if not missing else 'all NULL' if not c.get('values') else 'NULL ' ~ ml_monitor.percent(missing / about.rows)] -%}
    {%- endif -%}
    {%- if not c.portable -%}
        {%- set ns.parts = ns.parts + ['a type of this engine' ~ (': cast it to UTC without zone' if 'time zone' in c.engine_type.lower() else ': cast it for others')] -%}
    {%- endif -%}
    {%- do return((ns.parts + c.notes) | join('; ')) -%}
{% endmacro %}


{#- The properties file. -#}
{% macro suggestion_text(about) %}
    {%- set table = about.table -%}
    {%- set out = [] -%}
    {%- do out.append('# Suggested by suggest_contract from ' ~ modules.re.sub('[\\r\\n]+', ' ', about.source) ~ ': ' ~ '{:,}'.format(about.rows) ~ (' row' if about.rows == 1 else ' rows') ~ '. Comments say what was guessed and from what: review each line.') -%}
    {%- if about.rows < 100 and table in ['inferences', 'labels'] -%}
        {%- do out.append('# ' ~ ('No rows: roles are guessed by names and types, and there are' if about.rows == 0 else 'Fewer than 100 rows:') ~ ' no ranges, accepted_values or max_null_rate. Ask again when there are more.') -%}
    {%- endif -%}
    {%- for role in ml_monitor.roles_of(table)[1] if not about.columns | selectattr('role', 'equalto', role) | list -%}
        {%- do out.append('# Missing: no column could be ' ~ role ~ ', which ' ~ table ~ ' must have; the declaration is refused until one has this role.') -%}
    {%- endfor -%}
    {%- if table == 'other' and not about.columns | selectattr('role', 'equalto', 'join_key') | list -%}
        {%- do out.append('# Missing: no column could be join_key; the declaration is refused until one has this role.') -%}
    {%- endif -%}
    {%- if table == 'inferences' -%}
        {%- set outputs = about.columns | map(attribute='role') | select('in', ['prediction'] if about.task == 'regression' else ['score', 'prediction']) | list -%}
        {%- if not outputs -%}{%- do out.append('# Missing: no column could be ' ~ ('prediction' if about.task == 'regression' else 'score or prediction') ~ '; the declaration is refused until one has this role.') -%}{%- endif -%}
    {%- endif -%}
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
            {%- do c.update({'refusal': 'refused: ' ~ own.refusal ~ '; write in the staging SQL: select ' ~ modules.re.sub('[\\r\\n]+', ' ', c.sql) ~ ' as ' ~ own.name}) -%}
        {%- endif -%}
        {%- set meta = (['role: ' ~ c.role] if c.role != 'context' else []) + c.meta -%}
        {%- set type = '"' ~ c.data_type.replace('\\', '\\\\').replace('"', '\\"') ~ '"' if modules.re.search('[^a-z0-9_ *]', c.data_type) else c.data_type -%}
        {%- do out.append('      - {name: ' ~ ml_monitor.yaml_scalar(own.name) ~ (', quote: true' if ml_monitor.needs_quote(own.name) else '') ~ ', data_type: ' ~ type
            ~ (', config: {meta: {' ~ meta | join(', ') ~ '}}' if meta else '') ~ '}  # ' ~ ml_monitor.column_comment(c, about)) -%}
    {%- endfor -%}
    {%- do return(out | join('\n')) -%}
{% endmacro %}

{#-
  run-operation: prints the contract of a staging model as its data suggests it, ready to review and paste.

      dbt --quiet run-operation suggest_contract --args '{relation: flights.weather}' > models/staging/churn/_weather.yml

  Nothing but the YAML is printed by this macro; `--quiet` keeps dbt's own lines away. docs/suggest_contract.md has the rules of
  roles and limits. Reads the data once for each 50 columns, and once each for ingest time and accepted values, or for pairs of keys. A
  whole monitor from raw tables, staging included, is what scripts/new_monitor.py writes.

  Arguments:
    relation (string): a model, seed or source table (`stg_churn__inferences`, `flights.weather`), a file that DuckDB reads
      (`data/raw/x.parquet`, globs allowed), or a relation of the database (`schema.table`)
    name (string, optional): the staging model to describe; default by the relation's name, stg_<relation>__inferences
    table (string, optional): inferences, labels, reference or other (a lookup); default by name, then by columns
    max_accepted_values (int, default 20): predictions of more classes get no accepted_values
    task (string, optional): binary, multiclass, regression; default by score and prediction
    owner (string, optional): who acts on a failed gate; default a placeholder that builds
  Raises: a compiler error with every wrong argument; a relation that is not there, with what is allowed.
-#}
{% macro suggest_contract(relation, name=none, table=none, max_accepted_values=20, task=none, owner=none) %}
    {%- if execute -%}
        {%- set given = {'relation': relation, 'max_accepted_values': max_accepted_values} -%}
        {%- for key, value in {'name': name, 'table': table, 'task': task, 'owner': owner}.items() if value is not none -%}
            {%- do given.update({key: value}) -%}
        {%- endfor -%}
        {%- do ml_monitor.check_suggestion_arguments(given) -%}
        {%- set found = ml_monitor.suggestion_source(relation) -%}
        {%- if found.fault -%}
            {%- set snippet = "dbt run-operation suggest_contract --args '{relation: " ~ found.example ~ "}'" -%}
            {%- set title = 'ml_monitor: suggest_contract does not find what it is to read.' -%}
            {%- do exceptions.raise_compiler_error(ml_monitor.text_of_faults(title, [dict(found.fault, snippet=snippet)])) -%}
        {%- endif -%}
        {%- set columns = ml_monitor.suggestion_columns(found.sql) -%}
        {%- do ml_monitor.measure_columns(found.sql, columns) -%}
        {%- set table = table or ml_monitor.suggested_table(name or found.stem, columns) -%}
        {%- set about = {
            'source': found.about, 'sql': found.sql, 'table': table, 'columns': columns, 'rows': columns[0].rows, 'owner': owner,
            'name': name or ml_monitor.suggested_name(found.stem, table), 'max_accepted_values': max_accepted_values,
        } -%}
        {%- do ml_monitor.guess_roles(about) -%}
        {%- do about.update({'task': task or ml_monitor.guess_task(columns)}) -%}
        {%- do ml_monitor.guess_limits(about) -%}
        {%- do print(ml_monitor.suggestion_text([about], 'suggest_contract')) -%}
    {%- endif -%}
{% endmacro %}


{#- Stops with every wrong argument at once. Arguments: given (dict: the arguments of suggest_contract that are not none). -#}
{% macro check_suggestion_arguments(given) %}
    {%- set task = ml_monitor.monitor_keys() | selectattr('key', 'equalto', 'task') | list -%}
    {%- set keys = [
        {'key': 'relation', 'type': 'text', 'required': true, 'allowed': 'a model, source.table, file or schema.table'},
        {
            'key': 'name', 'type': 'text', 'matches': '^stg_[a-z][a-z0-9]*(_[a-z0-9]+)*__[a-z][a-z0-9]*(_[a-z0-9]+)*$',
            'allowed': 'stg_<monitor>__<table> of lower-case letters, digits and underscores', 'example': 'stg_churn__weather',
        },
        {'key': 'table', 'type': 'text', 'choices': ['inferences', 'labels', 'reference', 'other'], 'example': 'other'},
        {'key': 'max_accepted_values', 'type': 'whole', 'min': 0, 'example': '20'},
        dict(task[0], required=false),
        {'key': 'owner', 'type': 'text', 'allowed': 'who acts on a failed gate', 'example': 'team@example.com'},
    ] -%}
    {%- set call = "dbt run-operation suggest_contract --args '{relation: flights.weather" -%}
    {%- set at = {'path': 'suggest_contract', 'head': call ~ ', ', 'tail': "}'"} -%}
    {%- set faults = ml_monitor.key_faults(keys[:1], {'relation': given.pop('relation')}, dict(at, snippet=call ~ "}'")) -%}
    {%- do faults.extend(ml_monitor.key_faults(keys[1:], given, at)) -%}
    {%- if faults -%}
        {%- set wrong = faults | length ~ (' wrong argument' if faults | length == 1 else ' wrong arguments') -%}
        {%- set title = 'ml_monitor: suggest_contract has ' ~ wrong ~ '; nothing was read.' -%}
        {%- do exceptions.raise_compiler_error(ml_monitor.text_of_faults(title, faults)) -%}
    {%- endif -%}
{% endmacro %}


{#- The name of the staging model for a relation: its own if it is one. A lookup takes the monitor of the var that lists it. -#}
{% macro suggested_name(stem, table) %}
    {%- set key = modules.re.sub('_+', '_', modules.re.sub('[^a-z0-9_]+', '_', stem.lower())) if not stem.startswith('stg_') else stem -%}
    {%- if key.startswith('stg_') -%}{%- do return(key) -%}{%- endif -%}
    {%- set key = modules.re.sub('^[^a-z]+', '', key.strip('_')) or 'data' -%}
    {%- if table != 'other' -%}
        {%- set key = modules.re.sub('_(jsonl?|parquet|csv|log)$', '', key) -%}
        {%- set monitor = modules.re.sub('_?(inferences?|labels?|reference|predictions?|scores?)$', '', key) or key -%}
        {%- do return('stg_' ~ monitor ~ '__' ~ table) -%}
    {%- endif -%}
    {%- set monitors = ml_monitor.ml_monitors() -%}
    {%- set ns = namespace(monitor='monitor') -%}
    {%- for monitor, parts in monitors.items() if ns.monitor == 'monitor' and (key in (parts or []) or monitors | length == 1) -%}
        {%- set ns.monitor = monitor -%}
    {%- endfor -%}
    {%- do return('stg_' ~ ns.monitor ~ '__' ~ key) -%}
{% endmacro %}

{#-
  What `relation` means, the first of: a model or seed; a source table, with or without its source; a file; a relation of the
  database, in any case of its letters. A model that is a view, or not built yet, is read as its SQL is now, so that a contract can be
  suggested before there is one.
  Arguments: relation (string).
  Returns: dict {sql: a select, about: text, stem: name without schema, source or file extension, from: what a model writes behind `from`}.
    If nothing is found, dict {fault: a dict as text_of_faults has it, without snippet; example: a relation to write instead}.
-#}
{% macro suggestion_source(relation) %}
    {%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed'] and node.name == relation -%}
        {%- set built = adapter.get_relation(node.database, node.schema, node.alias) -%}
        {%- set from = "{{ ref('" ~ relation ~ "') }}" -%}
        {%- if built and not built.is_view -%}
            {%- set about = node.resource_type ~ ' ' ~ relation ~ ' as built' -%}
            {%- do return({'sql': 'select * from ' ~ built, 'about': about, 'stem': relation, 'from': from}) -%}
        {%- elif node.resource_type == 'model' -%}
            {%- set sql, about = render(node.raw_code).strip(), 'the SQL of model ' ~ relation -%}
            {%- do return({'sql': sql, 'about': about, 'stem': relation, 'from': from}) -%}
        {%- else -%}
            {%- set found = 'a seed that is not built yet: dbt seed --select ' ~ relation -%}
            {%- do return(ml_monitor.unknown_relation(relation, found, 'flights.weather')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set tables = [] -%}
    {%- for node in graph.sources.values() if node.source_name ~ '.' ~ node.name == relation or node.name == relation -%}
        {%- do tables.append(node) -%}
    {%- endfor -%}
    {%- if tables | length > 1 -%}
        {%- set sources = tables | map(attribute='source_name') | list -%}
        {%- set found = 'a table of more than one source: ' ~ sources | join(', ') -%}
        {%- do return(ml_monitor.unknown_relation(relation, found, sources[0] ~ '.' ~ relation)) -%}
    {%- elif tables -%}
        {%- set one = tables[0] -%}
        {%- do return({
            'sql': 'select * from ' ~ source(one.source_name, one.name), 'about': 'source ' ~ one.source_name ~ '.' ~ one.name,
            'stem': one.name, 'from': "{{ source('" ~ one.source_name ~ "', '" ~ one.name ~ "') }}",
        }) -%}
    {%- endif -%}
    {%- if '/' in relation or '\\' in relation or modules.re.search('[.](parquet|csv|tsv|json|jsonl|ndjson)([.](gz|zst))?$', relation) -%}
        {%- set file = ml_monitor.file_relation(relation) -%}
        {%- if file is none -%}
            {%- set found = 'no such file that ' ~ target.type ~ ' reads, seen from the folder dbt runs in' -%}
            {%- do return(ml_monitor.unknown_relation(relation, found, 'data/raw/weather.parquet')) -%}
        {%- endif -%}
        {%- set path = modules.re.split('[/\\\\]', relation) -%}
        {%- set stem = path[-2] if '*' in path[-1] and path | length > 1 else path[-1] -%}
        {%- do return({'sql': 'select * from ' ~ file, 'about': 'file ' ~ relation, 'stem': stem.split('.')[0], 'from': file}) -%}
    {%- endif -%}
    {%- do return(ml_monitor.database_relation(relation)) -%}
{% endmacro %}


{#-
  The same of a relation of the database: [database.][schema.]name, each in double quotes if it has a dot.
  Returns: as suggestion_source.
-#}
{% macro database_relation(relation) %}
    {%- set parts = [] -%}
    {%- for quoted, plain in modules.re.findall('"([^"]+)"|([^."]+)', relation) -%}{%- do parts.append(quoted or plain) -%}{%- endfor -%}
    {%- set nothing = 'no model, seed, source table or relation of that name' -%}
    {%- if not parts or parts | length > 3 -%}
        {%- do return(ml_monitor.unknown_relation(relation, nothing, 'flights.weather')) -%}
    {%- endif -%}
    {%- set database = parts[-3] if parts | length > 2 else target.database -%}
    {%- set wanted = parts[-2] if parts | length > 1 else target.schema -%}
    {%- set names, found = [], [] -%}
    {%- for row in run_query(ml_monitor.table_names(database, wanted)).rows -%}
        {%- do names.append(row[1] | string) -%}
        {%- if row[1] | string | lower == parts[-1] | lower -%}{%- do found.append([row[0] | string, row[1] | string]) -%}{%- endif -%}
    {%- endfor -%}
    {%- if not found -%}
        {%- set near = ml_monitor.nearest_name(parts[-1], names) -%}
        {%- set seen = 'schema ' ~ wanted ~ ' has ' ~ (names | sort | list)[:20] | join(', ')
            ~ (' and ' ~ (names | length - 20) ~ ' more' if names | length > 20 else '') -%}
        {%- set seen = nothing ~ '; ' ~ (seen if names else 'there is no table in a schema ' ~ wanted) -%}
        {%- do return(ml_monitor.unknown_relation(relation, seen, wanted ~ '.' ~ near if near else 'flights.weather')) -%}
    {%- endif -%}
    {#- Exactly as it is written, if there are several that differ by case. -#}
    {%- set schema, name = (found | selectattr(1, 'equalto', parts[-1]) | list or found)[0] -%}
    {%- set built = api.Relation.create(database=database, schema=schema, identifier=name) -%}
    {%- set is_here = (database | lower) == (target.database | lower) -%}
    {%- set from = built.include(database=not is_here) | string -%}
    {%- do return({'sql': 'select * from ' ~ built, 'about': 'relation ' ~ relation, 'stem': parts[-1], 'from': from}) -%}
{% endmacro %}


{#- A relation that is not there, as suggestion_source returns it. Arguments: relation, found, example (strings). -#}
{% macro unknown_relation(relation, found, example) %}
    {%- set models, tables = [], [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('stg_') -%}
        {%- do models.append(node.name) -%}
    {%- endfor -%}
    {%- for node in graph.sources.values() -%}{%- do tables.append(node.source_name ~ '.' ~ node.name) -%}{%- endfor -%}
    {%- do return({'example': example, 'fault': {
        'key': 'relation ' ~ relation,
        'found': found,
        'allowed': 'a model (' ~ (models | sort | join(', ') or 'none of them begins with stg_')
            ~ '), a source table (' ~ (tables | sort | join(', ') or 'none is declared')
            ~ '), a file (a path with / or .parquet, .csv, .tsv, .json, .jsonl, .ndjson at its end; on DuckDB)'
            ~ ', a relation of the database (schema.table; here schema ' ~ target.schema ~ ')',
    }}) -%}
{% endmacro %}

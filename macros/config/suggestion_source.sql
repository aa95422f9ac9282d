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
            {%- set about = node.resource_type ~ ' ' ~ relation ~ ' as built' -%}
            {%- do return({'sql': 'select * from ' ~ built, 'about': about, 'stem': relation}) -%}
        {%- elif node.resource_type == 'model' -%}
            {%- do return({'sql': render(node.raw_code).strip(), 'about': 'the SQL of model ' ~ relation, 'stem': relation}) -%}
        {%- else -%}
            {%- set found = 'a seed that is not built yet: dbt seed --select ' ~ relation -%}
            {%- do ml_monitor.raise_unknown_relation(relation, found, 'flights.weather') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set tables = [] -%}
    {%- for node in graph.sources.values() if node.source_name ~ '.' ~ node.name == relation or node.name == relation -%}
        {%- do tables.append(node) -%}
    {%- endfor -%}
    {%- if tables | length > 1 -%}
        {%- set sources = tables | map(attribute='source_name') | list -%}
        {%- set found = 'a table of more than one source: ' ~ sources | join(', ') -%}
        {%- do ml_monitor.raise_unknown_relation(relation, found, sources[0] ~ '.' ~ relation) -%}
    {%- elif tables -%}
        {%- set one = tables[0] -%}
        {%- set about = 'source ' ~ one.source_name ~ '.' ~ one.name -%}
        {%- do return({'sql': 'select * from ' ~ source(one.source_name, one.name), 'about': about, 'stem': one.name}) -%}
    {%- endif -%}
    {%- if '/' in relation or '\\' in relation or modules.re.search('[.](parquet|csv|tsv|json|jsonl|ndjson)([.](gz|zst))?$', relation) -%}
        {%- set file = ml_monitor.file_relation(relation) -%}
        {%- if file is none -%}
            {%- set found = 'no such file that ' ~ target.type ~ ' reads, seen from the folder dbt runs in' -%}
            {%- do ml_monitor.raise_unknown_relation(relation, found, 'data/raw/weather.parquet') -%}
        {%- endif -%}
        {%- set path = modules.re.split('[/\\\\]', relation) -%}
        {%- set stem = path[-2] if '*' in path[-1] and path | length > 1 else path[-1] -%}
        {%- do return({'sql': 'select * from ' ~ file, 'about': 'file ' ~ relation, 'stem': stem.split('.')[0]}) -%}
    {%- endif -%}
    {%- if parts | length <= 3 -%}
        {%- set schema = parts[-2] if parts | length > 1 else target.schema -%}
        {%- set built = adapter.get_relation(parts[-3] if parts | length > 2 else target.database, schema, parts[-1]) -%}
        {%- if built -%}
            {%- do return({'sql': 'select * from ' ~ built, 'about': 'relation ' ~ relation, 'stem': parts[-1]}) -%}
        {%- endif -%}
    {%- endif -%}
    {%- do ml_monitor.raise_unknown_relation(relation, 'no model, seed, source table or relation of that name', 'flights.weather') -%}
{% endmacro %}


{#- Raises a compiler error that says what a relation may be. Arguments: relation, found, example (strings). -#}
{% macro raise_unknown_relation(relation, found, example) %}
    {%- set models, tables = [], [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('stg_') -%}
        {%- do models.append(node.name) -%}
    {%- endfor -%}
    {%- for node in graph.sources.values() -%}{%- do tables.append(node.source_name ~ '.' ~ node.name) -%}{%- endfor -%}
    {%- do exceptions.raise_compiler_error('ml_monitor: suggest_contract: relation ' ~ relation
        ~ '\n   found:   ' ~ found
        ~ '\n   allowed: a model (' ~ (models | sort | join(', ') or 'none of them begins with stg_')
        ~ '), a source table (' ~ (tables | sort | join(', ') or 'none is declared')
        ~ '), a file (a path with / or .parquet, .csv, .tsv, .json, .jsonl, .ndjson at its end; on DuckDB)'
        ~ ', a relation of the database (schema.table; here schema ' ~ target.schema ~ ')'
        ~ "\n   write:\n       dbt run-operation suggest_contract --args '{relation: " ~ example ~ "}'") -%}
{% endmacro %}

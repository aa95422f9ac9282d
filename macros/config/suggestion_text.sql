{#- The properties file. -#}
{% macro suggestion_text(about) %}
    {%- set table = about.table -%}
    {%- set out = [] -%}
    {%- set count = '{:,}'.format(about.rows) ~ (' row' if about.rows == 1 else ' rows') -%}
    {%- do out.append('# Suggested by suggest_contract from ' ~ modules.re.sub('[\\r\\n]+', ' ', about.source) ~ ': ' ~ count
        ~ '. Comments say what was guessed and from what: review each line.') -%}
    {%- if about.rows < 100 and table in ['inferences', 'labels'] -%}
        {%- set few = 'No rows: roles are guessed by names and types, and there are' if about.rows == 0 else 'Fewer than 100 rows:' -%}
        {%- do out.append('# ' ~ few ~ ' no ranges, accepted_values or max_null_rate. Ask again when there are more.') -%}
    {%- endif -%}
    {%- set roles = about.columns | map(attribute='role') | list -%}
    {%- set needed = [] -%}
    {%- for role, often in ml_monitor.roles_of(table).items() if often in ['required', 'some'] -%}
        {%- do needed.append(role) -%}
    {%- endfor -%}
    {%- if table == 'inferences' -%}
        {%- do needed.append('prediction' if about.task == 'regression' else 'score or prediction') -%}
    {%- endif -%}
    {%- for role in needed if not roles | select('in', role.split(' or ')) | list -%}
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
            '          owner: ' ~ ml_monitor.yaml_scalar(about.owner or 'team@example.com')
                ~ ('' if about.owner else '  # to replace: who acts on a failed gate'),
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
        {%- set quoted = '"' ~ c.data_type.replace('\\', '\\\\').replace('"', '\\"') ~ '"' -%}
        {%- set type = quoted if modules.re.search('[^a-z0-9_ *]', c.data_type) else c.data_type -%}
        {%- set quote = ', quote: true' if ml_monitor.needs_quote(own.name) else '' -%}
        {%- do out.append('      - {name: ' ~ ml_monitor.yaml_scalar(own.name) ~ quote ~ ', data_type: ' ~ type
            ~ (', config: {meta: {' ~ meta | join(', ') ~ '}}' if meta else '') ~ '}  # ' ~ ml_monitor.column_comment(c, about)) -%}
    {%- endfor -%}
    {%- do return(out | join('\n')) -%}
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
            {%- set remedy = '; ids stay text' if is_id else ': if they are no codes, cast them in the staging SQL' -%}
            {%- do parts.append('numbers as text' ~ remedy) -%}
        {%- elif c.times >= 0.99 * c.filled -%}
            {%- do parts.append("cast in the staging SQL by ml_monitor.safe_cast('...', 'timestamp'), then ask again") -%}
        {%- endif -%}
    {%- endif -%}
    {%- if about.rows -%}
        {%- set missing = about.rows - c.filled -%}
        {%- set share = 'NULL ' ~ ml_monitor.percent(missing / about.rows) -%}
        {%- do parts.append('no NULL' if not missing else 'all NULL' if not c.filled else share) -%}
    {%- endif -%}
    {%- if not c.portable -%}
        {%- set remedy = ': cast it to UTC without zone' if 'time zone' in c.engine_type.lower() else ': cast it for others' -%}
        {%- do parts.append('a type of this engine' ~ remedy) -%}
    {%- endif -%}
    {%- do return((parts + c.notes) | join('; ')) -%}
{% endmacro %}


{#-
  The name that the contract may use for a column, and why not its own: dict {name, refusal (none if it is its own)}. The rules are those
  of name_refusal. Arguments: column, taken (list of the names in lower case that the columns before it got), names (of all columns).
-#}
{% macro allowed_name(column, taken, names) %}
    {%- set name = column.name -%}
    {%- set ns = namespace(name=name, refusal=ml_monitor.name_refusal(name)) -%}
    {%- if '"' in name or '`' in name -%}
        {%- set plain = name.replace('"', '').replace('`', '').lower() -%}
        {%- set ns.name = modules.re.sub('[^a-z0-9_]+', '_', plain).strip('_') or 'unnamed' -%}
    {%- elif ns.refusal -%}
        {%- set ns.name = 'my_' ~ name -%}
    {%- endif -%}
    {%- if name.lower() in taken -%}{%- set ns.refusal = ns.refusal or 'differs from another by case only' -%}{%- endif -%}
    {%- set others = taken + (names if ns.refusal else []) -%}
    {%- set stem = ns.name.lower() -%}
    {%- for number in range(2, others | length + 3) if ns.refusal and ns.name.lower() in others -%}
        {%- set ns.name = stem ~ '_' ~ number -%}
    {%- endfor -%}
    {%- do return({'name': ns.name, 'refusal': ns.refusal}) -%}
{% endmacro %}


{#-
  Whether SQL needs quotes around a name: it is not lower-case letters, digits and underscores, or a word that DuckDB or PostgreSQL
  keeps (duckdb_keywords and pg_get_keywords, all but the unreserved).
-#}
{% macro needs_quote(name) %}
    {%- set kept = 'all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint binary bit boolean
        both by case cast char character check coalesce collate collation column columns concurrently constraint create cross
        current_catalog current_date
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

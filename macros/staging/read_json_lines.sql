{#-
  The lines of JSON Lines files as rows, one for each line that is not blank: a line that cannot be read stops nothing and is not
  lost. For the staging models of DuckDB; docs/bad_input.md has an example.

  A line that is no JSON object (cut off, two in one, another format) has NULL in all columns and its text in `raw_line`. A line
  that is not UTF-8 has so, too, with every byte that is no plain ASCII, and quotes, written as \xNN: `raw_line::blob` gives the
  bytes back. A single value that cannot be read as its type is NULL, and its line is in `raw_line` as well. Declare `raw_line` with
  role `context`: a row without an id or an event time is quarantined, and <m>__quarantine then shows what was written.

  Files are read as a whole, each with a few times its size in memory; compressed ones are not unpacked.

  Arguments: files (a source whose external_location is a path or a pattern, or such a text), columns (dict of column name: DuckDB type;
    `timestamp` is read by utc_timestamp and `double` by number_of_text, others as DuckDB casts them).
  Columns: those asked for, then raw_line (text; NULL if every value could be read), source_file (text), line_number (bigint, from 1).
  Raises: a compiler error on an engine that reads no files.
-#}
{% macro read_json_lines(files, columns) %}
    {{- adapter.dispatch('read_json_lines', 'ml_monitor')(files, columns) -}}
{% endmacro %}

{% macro default__read_json_lines(files, columns) %}
    {%- if execute -%}
        {%- do exceptions.raise_compiler_error('ml_monitor: ' ~ model.original_file_path ~ ': read_json_lines\n   found:   target type '
            ~ target.type ~ ', which reads no files'
            ~ '\n   allowed: duckdb\n   write, on a table of lines:\n       ' ~ ml_monitor.utc_timestamp("fields ->> 'event_time'")
                ~ ' as event_time') -%}
    {%- endif -%}
{% endmacro %}

{% macro duckdb__read_json_lines(files, columns) %}
    {%- set text = files | string | trim -%}
    {%- set path = text if text.startswith("'") else ml_monitor.string_literal(text) -%}
    {%- set ns = namespace(names=[], values=[], unreadable=['ml_fields is null'], types={}) -%}
    {%- for name, type in columns.items() -%}
        {%- set sql_name = adapter.quote(name.replace('"', '""')) -%}
        {%- set field = 'ml_fields.' ~ sql_name -%}
        {%- set value = ml_monitor.utc_timestamp(field) if type | lower == 'timestamp' else ml_monitor.number_of_text(field)
            if type | lower == 'double' else field -%}
        {%- set pointer = ml_monitor.string_literal('/' ~ name.replace('~', '~0').replace('/', '~1')) -%}
        {%- set ns.names = ns.names + [sql_name] -%}
        {%- set ns.values = ns.values + [value ~ ' as ' ~ sql_name] -%}
        {%- set ns.unreadable = ns.unreadable + ['(' ~ sql_name ~ ' is null and json_type(ml_line, ' ~ pointer ~ ") <> 'NULL')"] -%}
        {%- set ns.types = dict(ns.types, **{name: 'varchar' if value != field else type}) -%}
    {%- endfor -%}
    select
        {{ ns.names | join(',\n        ') }},
        case
            when {{ ns.unreadable | join('\n                or ') }}
                then ml_line
        end as raw_line,
        source_file,
        line_number
    from (
        select
            {{ ns.values | join(',\n            ') }},
            ml_fields,
            ml_line,
            source_file,
            line_number
        from (
            select
                source_file,
                line_number,
                ml_line,
                case when json_valid(ml_line) then case when json_type(ml_line) = 'OBJECT'
                    then json_transform(ml_line, {{ ml_monitor.string_literal(tojson(ns.types)) }}) end end as ml_fields
            from (
                select
                    source_file,
                    unnest(range(1, len(lines) + 1)) as line_number,
                    ltrim(unnest(lines), chr(65279)) as ml_line
                from (
                    select
                        filename as source_file,
                        {#- A file that is not UTF-8 is taken apart as bytes, where \x0A can be nothing but the end of a line. #}
                        coalesce(
                            string_split(try(decode(content)), chr(10)),
                            list_transform(string_split(cast(content as varchar), '\x0A'),
                                lambda bytes: coalesce(try(decode(cast(bytes as blob))), bytes))
                        ) as lines
                    from read_blob({{ path }})
                ) as split_files
            ) as numbered
            where trim(ml_line, chr(32) || chr(9) || chr(13)) <> ''
        ) as parsed
    ) as read_lines
{%- endmacro %}

{#-
  Fails when a source, or any relation, has a column that is not expected, lacks one that is, or has one of another type: what dbt's
  contract on the staging model above it cannot see, or sees only as an error of the database. On a source it runs before staging is built.
  Arguments: columns (list of names, or dict of name -> type; a type that is left out is not compared), owner (string, optional: named in
  the message), allow_new (boolean, default false: a new column only warns).
  Rows: status, metric (new_column, missing_column, changed_type), column_name, message.
-#}
{% test expected_columns(model, columns, owner='nobody', allow_new=false) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set table = ml_monitor.test_subject(model) -%}
{%- if columns is string or not columns or columns is not iterable -%}
    {%- do exceptions.raise_compiler_error(
        'ml_monitor.expected_columns on ' ~ table ~ ': columns is ' ~ columns ~ '. Allowed: a list of names, or a dict of name -> type. '
        'Write\n    - ml_monitor.expected_columns:\n        arguments: {columns: [prediction_id, event_time]}'
        '\nor\n        arguments: {columns: {prediction_id: varchar, event_time: timestamp}}'
    ) -%}
{%- endif -%}
{%- set types = columns if columns is mapping else {} -%}
{%- set no_type = 'cast(null as ' ~ ml_monitor.text_type() ~ ')' -%}
{%- set mend = 'have it mended there, or change staging and expected_columns in ' ~ ml_monitor.file_of_test() -%}
{%- set messages = {
    'new_column': '{found.column_name} is new. Owner ' ~ owner ~ '. To let it pass, add it to columns of expected_columns in '
        ~ ml_monitor.file_of_test() ~ '; to monitor it, select it in staging, too',
    'missing_column': '{expected.column_name} is missing. Owner ' ~ owner ~ '. Renamed or dropped upstream: ' ~ mend,
    'changed_type': '{expected.column_name} is {found.data_type}, not {lower(expected.data_type)}. Owner ' ~ owner
        ~ '. Changed upstream: ' ~ mend,
} -%}
with

found as (

    select
        column_name,
        data_type,
        {{ ml_monitor.type_name_sql('data_type') }} as type_name
    from (
        select cast(column_name as {{ ml_monitor.text_type() }}) as column_name, replace(lower(data_type), ', ', ',') as data_type
        from ({{ ml_monitor.columns_of(model) }}) as described
    ) as written

),

expected as (
    {%- for column in columns %}
    {%- set type = types[column] if column in types else none %}
    {{- '\n    union all' if not loop.first }}
    select
        {{ ml_monitor.string_literal(column) }} as column_name,
        {{ no_type if type is none else ml_monitor.string_literal(type) }} as data_type,
        {{ no_type if type is none else ml_monitor.string_literal(ml_monitor.type_name(type)) }} as type_name
    {%- endfor %}

),

final as (
    {%- for metric, message in messages.items() if metric != 'changed_type' or types %}
    {{- '\n    union all' if not loop.first }}
    select
        '{{ 'warn' if metric == 'new_column' and allow_new else 'fail' }}' as status,
        '{{ metric }}' as metric,
        {{ 'found' if metric == 'new_column' else 'expected' }}.column_name,
        {{ ml_monitor.filled_text(table ~ ': column ' ~ message) }} as message
    {%- if metric == 'new_column' %}
    from found
    where lower(found.column_name) not in (select lower(column_name) from expected)
    {%- elif metric == 'missing_column' %}
    from expected
    where lower(expected.column_name) not in (select lower(column_name) from found)
    {%- else %}
    from expected
    inner join found on lower(expected.column_name) = lower(found.column_name)
    -- A type without its parameters allows any.
    where expected.type_name <> found.type_name and found.type_name not like expected.type_name || '(%'
    {%- endif %}
    {%- endfor %}

)

select * from final
{% endtest %}

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
    {%- do exceptions.raise_compiler_error('ml_monitor.expected_columns on ' ~ table ~ ': columns is ' ~ columns ~ '. Allowed: a list of names, or a dict of name -> type. '
        ~ 'Write\n    - ml_monitor.expected_columns:\n        arguments: {columns: [prediction_id, event_time]}'
        ~ '\nor\n        arguments: {columns: {prediction_id: varchar, event_time: timestamp}}') -%}
{%- endif -%}
{%- set types = columns if columns is mapping else {} -%}
{%- set text = ml_monitor.text_type() -%}
with

found as (

    select
        column_name,
        data_type,
        {{ ml_monitor.type_name_sql('data_type') }} as type_name
    from (
        select column_name, replace(lower(data_type), ', ', ',') as data_type
        from ({{ ml_monitor.columns_of(model) }}) as described
    ) as written

),

expected as (
    {% for column in columns %}
    {%- set type = types[column] if column in types else none %}
    select
        {{ ml_monitor.string_literal(column) }} as column_name,
        {{ 'cast(null as ' ~ text ~ ')' if type is none else ml_monitor.string_literal(type) }} as data_type,
        {{ 'cast(null as ' ~ text ~ ')' if type is none else ml_monitor.string_literal(ml_monitor.type_name(type)) }} as type_name
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

final as (

    select
        '{{ 'warn' if allow_new else 'fail' }}' as status,
        'new_column' as metric,
        cast(found.column_name as {{ text }}) as column_name,
        cast('{{ table }}: column ' || found.column_name || ' is new. Owner ' || {{ ml_monitor.string_literal(owner) }}
        || '. To let it pass, add it to columns of expected_columns in {{ ml_monitor.file_of_test() }}; to monitor it, select it in staging, too' as {{ text }}) as message
    from found
    where lower(found.column_name) not in (select lower(column_name) from expected)
    union all
    select
        'fail' as status,
        'missing_column' as metric,
        cast(expected.column_name as {{ text }}) as column_name,
        cast('{{ table }}: column ' || expected.column_name || ' is missing. Owner ' || {{ ml_monitor.string_literal(owner) }}
        || '. Renamed or dropped upstream: have it mended there, or change staging and expected_columns in {{ ml_monitor.file_of_test() }}' as {{ text }}) as message
    from expected
    where lower(expected.column_name) not in (select lower(column_name) from found)
    {%- if types %}
    union all
    select
        'fail' as status,
        'changed_type' as metric,
        cast(expected.column_name as {{ text }}) as column_name,
        cast('{{ table }}: column ' || expected.column_name || ' is ' || found.data_type || ', not ' || lower(expected.data_type) || '. Owner ' || {{ ml_monitor.string_literal(owner) }}
        || '. Changed upstream: have it mended there, or change staging and expected_columns in {{ ml_monitor.file_of_test() }}' as {{ text }}) as message
    from expected
    inner join found on lower(expected.column_name) = lower(found.column_name)
    -- A type without its parameters allows any.
    where expected.type_name <> found.type_name and found.type_name not like expected.type_name || '(%'
    {%- endif %}

)

select * from final
{% endtest %}

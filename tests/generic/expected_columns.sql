{#-
  Fails when a source, or any relation, has a column that is not expected, or lacks one that is: what dbt's contract on the
  staging model above it cannot see, or sees only as an error of the database. On a source it runs before staging is built.
  Arguments: columns (list of names), owner (string, optional: named in the message), allow_new (boolean, default false: a new column
  only warns).
  Rows: status, metric (new_column, missing_column), column_name, message.
-#}
{% test expected_columns(model, columns, owner='nobody', allow_new=false) %}
{{- ml_monitor.configure_limits_test() -}}
{%- if columns is string or columns is mapping or not columns -%}
    {%- do exceptions.raise_compiler_error('ml_monitor.expected_columns on ' ~ model.identifier ~ ': columns is ' ~ columns ~ '. Allowed: a list of names. Write\n    - ml_monitor.expected_columns:\n        arguments: {columns: [prediction_id, event_time]}') -%}
{%- endif -%}
{%- set text = dbt.type_string() -%}
with

found as (

    {{ ml_monitor.columns_of(model) }}

),

expected as (
    {% for column in columns %}
    select {{ ml_monitor.string_literal(column) }} as column_name{{ ' union all' if not loop.last }}
    {%- endfor %}

),

final as (

    select
        '{{ 'warn' if allow_new else 'fail' }}' as status,
        'new_column' as metric,
        cast(found.column_name as {{ text }}) as column_name,
        cast('{{ model.identifier }}: column ' || found.column_name || ' is new. Owner ' || {{ ml_monitor.string_literal(owner) }}
        || '. To let it pass, add it to columns of expected_columns in {{ ml_monitor.file_of_test() }}; to monitor it, select it in staging, too' as {{ text }}) as message
    from found
    where lower(found.column_name) not in (select lower(column_name) from expected)
    union all
    select
        'fail' as status,
        'missing_column' as metric,
        cast(expected.column_name as {{ text }}) as column_name,
        cast('{{ model.identifier }}: column ' || expected.column_name || ' is missing. Owner ' || {{ ml_monitor.string_literal(owner) }}
        || '. Renamed or dropped upstream: have it mended there, or change staging and expected_columns in {{ ml_monitor.file_of_test() }}' as {{ text }}) as message
    from expected
    where lower(expected.column_name) not in (select lower(column_name) from found)

)

select * from final
{% endtest %}

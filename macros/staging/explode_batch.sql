{#-
  The predictions of a log that has many of them in one row, in JSON: for a staging model, a select of one row for each prediction.
  docs/server_logs.md has examples.

  What is at one position of the request and of the response belongs together. A request is read as `dataframe_records`,
  `dataframe_split` (columns and data), `instances`, `inputs` (rows, or an array for each column), or as an array itself; a response as
  `predictions`, `outputs`, or as an array itself. A row of values is an object, whose keys are the names; an array, whose places are those
  of the names in `columns` of the request, else in the arguments; or a single value, which is the first. A value that cannot be read as its
  type is NULL.

  A row of the log is never lost: without a request or a response that can be read it is a row without features or without outputs, and
  `batch_fault` says why. Only a request of no rows, answered by none, has none.

  Arguments:
    relation              relation or CTE
    request_id            SQL: the id of the row of the log
    request, response     SQL, JSON text; without a response, as in batch scoring, there are no outputs
    features, outputs     dicts of name -> type, in the order of arrays: string, double, bigint, int, boolean or timestamp
    keep                  list of SQL names, optional: columns of the relation that each prediction repeats
    request_paths, response_paths   lists of paths (lists of keys), optional: where the rows may be, the first that is there
  Columns: prediction_id (text: the request id, a colon and the position), request_id (text), batch_position (bigint, from 0),
  request_rows, response_rows (bigint: how many each has; NULL if it cannot be read), batch_fault (text: request_missing,
  request_unreadable, response_missing, response_unreadable, other_length, else NULL), the features, the outputs, the columns to keep.
  Raises: a compiler error with every fault of the arguments.
-#}
{% macro explode_batch(relation, request_id, request, response=none, features={}, outputs={}, keep=[],
    request_paths=[['dataframe_records'], ['dataframe_split', 'data'], ['data'], ['instances'], ['inputs'], []],
    response_paths=[['predictions'], ['outputs'], []]) -%}
{%- do ml_monitor.raise_staging_faults('explode_batch', ml_monitor.batch_faults(response, features, outputs, keep),
    "'requests', request_id='request_id', request='request', response='response',\n"
    ~ "       features={'amount': 'double', 'country': 'string'}, outputs={'score': 'double'}, keep=['request_time']") -%}
{%- set text = ml_monitor.text_type() -%}
{%- set arrays = {'ml_row': 'ml_rows', 'ml_outcome': 'ml_outcomes'} if response else {'ml_row': 'ml_rows'} -%}
{%- set lengths = ['ml_row_length'] -%}
{%- for name in features -%}
    {%- do arrays.update({'ml_column_' ~ loop.index: 'ml_values_' ~ loop.index}) -%}
    {%- do lengths.append('ml_column_' ~ loop.index ~ '_length') -%}
{%- endfor -%}
with

-- Materialized, since PostgreSQL would write an expression into each that reads it.
lines {{ ml_monitor.as_materialized() }} (

    select
        {%- for column in keep %}
        {{ column }},
        {%- endfor %}
        cast({{ request_id }} as {{ text }}) as ml_request_id,
        {{ request }} as ml_request{{ ',' if response }}
        {%- if response %}
        {{ response }} as ml_response
        {%- endif %}
    from {{ relation }}

),

payloads {{ ml_monitor.as_materialized() }} (

    select
        {%- for column in keep %}
        {{ column }},
        {%- endfor %}
        ml_request_id,
        ml_request is null as ml_is_without_request,
        {{ ml_monitor.first_of_paths('ml_request', request_paths) | indent(8) }} as ml_rows,
        {{ ml_monitor.first_of_paths('ml_request', [['dataframe_split', 'columns'], ['columns']]) | indent(8) }} as ml_names,
        {%- if response %}
        ml_response is null as ml_is_without_response,
        {{ ml_monitor.first_of_paths('ml_response', response_paths) | indent(8) }} as ml_outcomes,
        {%- endif %}
        {%- for name in features %}
        {{ ml_monitor.json_text('ml_request', ['inputs', name]) }} as ml_values_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from lines

),

elements as (

    {{ ml_monitor.json_elements(
        'payloads',
        keep + ['ml_request_id', 'ml_names', 'ml_is_without_request'] + (['ml_is_without_response'] if response else []),
        arrays
    ) | indent(4) }}

),

counted as (

    select
        elements.*,
        {{ ml_monitor.greatest_of(lengths) }} as request_rows,
        {{ 'ml_outcome_length' if response else 'cast(null as bigint)' }} as response_rows
    from elements

),

-- Each value as the text that the JSON has.
texts {{ ml_monitor.as_materialized() }} (

    select
        {%- for column in keep %}
        {{ column }},
        {%- endfor %}
        ml_request_id,
        batch_position,
        request_rows,
        response_rows,
        {%- for name in features %}
        {{ ml_monitor.value_of_row('ml_row', name, loop.index0, 'ml_names', 'ml_column_' ~ loop.index) | indent(8) }} as ml_feature_
            {{- loop.index }},
        {%- endfor %}
        {%- for name in outputs %}
        {{ ml_monitor.value_of_row('ml_outcome', name, loop.index0) | indent(8) }} as ml_output_{{ loop.index }},
        {%- endfor %}
        case
            when ml_is_without_request then 'request_missing'
            when request_rows is null then 'request_unreadable'
            {%- if response %}
            when ml_is_without_response then 'response_missing'
            when response_rows is null then 'response_unreadable'
            when request_rows <> response_rows then 'other_length'
            {%- endif %}
        end as batch_fault
    from counted
    where coalesce(request_rows, 1) > 0 or coalesce(response_rows, 1) > 0

),

final as (

    select
        ml_request_id || ':' || cast(batch_position as {{ text }}) as prediction_id,
        ml_request_id as request_id,
        batch_position,
        request_rows,
        response_rows,
        batch_fault,
        {%- for name, type in features.items() %}
        {{ ml_monitor.typed_text('ml_feature_' ~ loop.index, type) }} as {{ adapter.quote(name) }}
            {{- ',' if outputs or keep or not loop.last }}
        {%- endfor %}
        {%- for name, type in outputs.items() %}
        {{ ml_monitor.typed_text('ml_output_' ~ loop.index, type) }} as {{ adapter.quote(name) }}{{ ',' if keep or not loop.last }}
        {%- endfor %}
        {%- for column in keep %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from texts

)

select * from final
{%- endmacro %}


{#- Faults of the arguments of explode_batch. Returns: list of texts. -#}
{% macro batch_faults(response, features, outputs, keep) %}
    {%- set faults, names = [], ['prediction_id', 'request_id', 'batch_position', 'request_rows', 'response_rows', 'batch_fault'] -%}
    {%- set types = ['string', 'double', 'bigint', 'int', 'boolean', 'timestamp'] -%}
    {%- if not features is mapping or not features -%}{%- do faults.append('features is not a dict of name: type') -%}{%- endif -%}
    {%- if not outputs is mapping -%}{%- do faults.append('outputs is not a dict of name: type') -%}{%- endif -%}
    {%- if (not response) != (not outputs) -%}
        {%- do faults.append('response without outputs' if response else 'outputs without a response') -%}
    {%- endif -%}
    {%- for argument in [features, outputs] if argument is mapping -%}
        {%- for name, type in argument.items() if type not in types -%}
            {%- do faults.append(name ~ ' is of type ' ~ type ~ '; allowed: ' ~ types | join(', ')) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for name in (features | list) + (outputs | list) + keep -%}
        {%- if name in names -%}{%- do faults.append('a second column ' ~ name) -%}{%- endif -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- What a JSON text has at the first of some paths that is there. Arguments: x (SQL), paths (list of lists). Returns: SQL, text. -#}
{% macro first_of_paths(x, paths) %}
    {%- set ns = namespace(found=[]) -%}
    {%- for path in paths -%}{%- set ns.found = ns.found + [ml_monitor.json_text(x, path)] -%}{%- endfor -%}
    {%- do return(ns.found[0] if ns.found | length == 1 else 'coalesce(\n    ' ~ ns.found | join(',\n    ') ~ '\n)') -%}
{% endmacro %}


{#-
  A value of a row of values, as text.
  Arguments: row (SQL name: JSON text), name (string), place (int, in an array without names), names (SQL name: JSON text of the names of
    an array, optional), column (SQL name: JSON text of the value where columns are arrays, optional).
  Returns: SQL.
-#}
{% macro value_of_row(row, name, place, names=none, column=none) -%}
{%- set first = 'substr(' ~ row ~ ', 1, 1)' -%}
case
    when {{ first }} = '{' then {{ ml_monitor.json_text(row, [name]) }}
    {%- if names %}
    when {{ first }} = '[' and substr({{ names }}, 1, 1) = '[' then {{ ml_monitor.json_text_by_name(row, names, name) }}
    {%- endif %}
    when {{ first }} = '[' then {{ ml_monitor.json_text(row, [place]) }}
    {%- if column %}
    when {{ column }} is not null then {{ ml_monitor.json_text(column) }}
    {%- endif %}
    {%- if place == 0 %}
    else {{ ml_monitor.json_text(row) }}
    {%- endif %}
end
{%- endmacro %}


{#- A text in a type, NULL where it is none of that type. Arguments: x (SQL), type (string). Returns: SQL. -#}
{% macro typed_text(x, type) %}
    {%- if type == 'double' -%}{%- do return(ml_monitor.safe_cast(x, 'double')) -%}{%- endif -%}
    {%- if type == 'timestamp' -%}{%- do return(ml_monitor.utc_timestamp(x)) -%}{%- endif -%}
    {%- if type == 'boolean' -%}
        {%- do return('case lower(' ~ x ~ ") when 'true' then true when '1' then true when 'false' then false when '0' then false end") -%}
    {%- endif -%}
    {%- if type in ['bigint', 'int'] -%}
        {%- set pattern = '^[-+]?[0-9]{1,' ~ (18 if type == 'bigint' else 9) ~ '}([.]0*)?$' -%}
        {%- do return('case when ' ~ ml_monitor.matches(x, pattern) ~ ' then cast(cast(' ~ x ~ ' as decimal(38, 10)) as ' ~ type
            ~ ') end') -%}
    {%- endif -%}
    {%- do return(x) -%}
{% endmacro %}

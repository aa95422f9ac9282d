{#-
  The select of an incremental model that asks first whether there is anything to write. If not, it is an empty select that says so, the
  model is not planned, and the materialization leaves the table as it is: planning, the comparison with the contract and an empty insert
  cost more than the question.

  The question is the SQL of the model itself, up to the CTE that says what is written, so both agree; nothing is remembered between runs.
  Where finding that out reads whole logs, the few rows of that CTE are passed on as values, so that nothing is read twice.

  Arguments: macro, monitor (strings, for the comment), ctes (SQL: the CTEs that the model begins with), name (string: the last of them, which
    says what is written; `final` if it is the whole), asks (boolean: false where more is written than `name` says), ahead (SQL: CTEs before these
    that the rest reads, too), values (dict: the columns of `name` and their types, to pass its rows on in place of `ctes`), columns (list of names:
    those that the model makes besides the ones that its YAML declares).
  Called with a block, the rest of the select follows in it; without one it is `select * from final`. A block with an
  argument gets the rows that were passed on, or none.
-#}
{% macro select_if_any(macro, monitor, ctes, name='final', asks=true, ahead='', values={}, columns=[]) -%}
{%- set most = 200 if values else 0 -%}
{%- set found = ml_monitor.rows_to_write(ahead ~ ctes, name, values, most, columns) if asks else none -%}
{%- if found is not none and not found -%}
-- ml_monitor.{{ macro }}('{{ monitor }}'): nothing to write, {{ name }} has no row. The whole select: dbt compile --select {{ model.name }}
{{ ml_monitor.no_rows() if config.get('contract').enforced else 'select * from ' ~ this ~ ' where 1 = 0' }}
{%- else -%}
-- ml_monitor.{{ macro }}('{{ monitor }}')
with

{{ ahead }}
{%- set passes_on = found and found | length <= most -%}
{%- if passes_on -%}
-- As found when this run began, by the CTEs that dbt compile --select {{ model.name }} shows.
{{ ml_monitor.rows_as_values(name, found, values) }}
{%- else -%}
{{ ctes | trim }}
{%- endif -%}
{{- '\n\nselect * from final' if caller is not defined else caller(found if passes_on else none) if caller.arguments else caller() }}
{%- endif -%}
{%- endmacro %}


{#-
  Rows of the CTE that says what an incremental model writes, asked of the engine while the SQL of the run is made: as many as `most`, and one more
  if there are more.

  Returns: list of rows, empty if there is nothing to write; none if that is not asked: on a first run, under --full-refresh, and by all commands but
  build and run, so that dbt compile and dbt show give the whole select. Also none where the table has other columns than the model makes, which
  `on_schema_change` has to see.
  Arguments: as select_if_any has them.
-#}
{% macro rows_to_write(ctes, name, values, most, columns) %}
    {%- if not execute or not is_incremental() or flags.WHICH not in ['build', 'run'] or model.resource_type != 'model' -%}{%- do return(none) -%}{%- endif -%}
    {%- set asked = values.keys() | list or ['1'] -%}
    {#- One statement for both: the columns of the table are those of the answer. -#}
    {%- set question -%}
with

{{ (ctes | trim).rstrip(',') }},

asked as (

    select {% for column in asked %}{{ column }} as ml_asked_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %} from {{ name }} limit {{ most + 1 }}

)

select asked.*, stored.*
from asked
left join {{ this }} as stored on 1 = 0
    {%- endset -%}
    {%- set answer = run_query((ml_monitor.planner_settings() or '') ~ question) -%}
    {%- set stored = answer.column_names[asked | length:] | map('lower') | list -%}
    {%- set made = (model.columns.keys() | list + columns) | map('lower') | unique | list -%}
    {%- do return(answer.rows | list if stored | sort == made | sort else none) -%}
{% endmacro %}


{#- A CTE of a few rows, each written out, in their order. Arguments: name (string), rows (list), types (dict: column -> `timestamp` or another type). -#}
{% macro rows_as_values(name, rows, types) -%}
{{ name }} as (
{% for row in rows | sort(attribute=0) %}
    {%- set values = [] -%}
    {%- for column, type in types.items() -%}
        {%- set value = row[loop.index0] -%}
        {%- do values.append((ml_monitor.timestamp_literal(value) if type == 'timestamp' else 'cast(' ~ value ~ ' as ' ~ type ~ ')') ~ ' as ' ~ column) -%}
    {%- endfor %}
    select {{ values | join(', ') }}{{ ' union all' if not loop.last }}
{%- endfor %}

),
{%- endmacro %}


{#-
  For a model that is written as a whole: the CTE `changed_inputs`, of one row with `input_state`, what the table is made of as one text; of none if
  the stored rows, which keep the text in a column input_state, were made of the same. The text is NULL, and there is a row, if that cannot be
  told. A table that lacks a column of the model is not made of the same.

  Arguments: inputs (list of [relation or CTE, list of columns]: what it reads; a list without columns cannot be told), code (string: what else
    decides, as SQL that changes with it), is_known (boolean: false if the inputs may be of another code than this one).
-#}
{% macro changed_inputs(inputs, code='', is_known=true) -%}
{%- set stored = ml_monitor.stored_columns() -%}
{%- set lacking = (model.columns.keys() | map('lower') | list + ['input_state']) | reject('in', stored) | list -%}
changed_inputs as (

    {% if is_known and inputs | map('last') | select | list | length == inputs | length -%}
    select inputs.input_state
    from (
        select
            {%- for relation, columns in inputs %}
            (select {{ ml_monitor.content_fingerprint(columns) }} from {{ ml_monitor.aliased(relation, 'input_' ~ loop.index) }}) || ', ' ||
            {%- endfor %} '{{ local_md5(code) }}' as input_state
    ) as inputs
    {%- if not lacking %}
    where not exists (select 1 from {{ this }} as stored where stored.input_state = inputs.input_state)
    {%- endif %}
    {%- else -%}
    select cast(null as {{ dbt.type_string() }}) as input_state
    {%- endif %}

),
{%- endmacro %}


{#- Whether select_if_any found nothing to write. Arguments: sql (string: the compiled select of a model). -#}
{% macro is_nothing_to_write(sql) %}
    {%- set first_line = (sql | string | trim).split('\n')[0] -%}
    {%- do return(first_line.startswith('-- ml_monitor.') and ': nothing to write, ' in first_line) -%}
{% endmacro %}


{#- A select without rows that has the columns of the model's contract. -#}
{% macro no_rows() -%}
select
    {%- for column in model.columns.values() %}
    cast(null as {{ column.data_type }}) as {{ adapter.quote(column.name) if column.quote else column.name }}{{ ',' if not loop.last }}
    {%- else %}
    1 as nothing
    {%- endfor %}
where 1 = 0
{%- endmacro %}

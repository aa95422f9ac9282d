{#-
  Whether a run of an incremental model has nothing to write, asked of the engine while the SQL of the run is made: then the model need not be
  planned, bound and compared with its contract as a whole, which costs more than the question.

  False on a first run and under --full-refresh, and for all commands but build and run: dbt compile and dbt show give the whole select. Also
  where the table lacks a column of the contract, so that whether the model makes it is not left to a run that has something to write.
  Arguments: ctes (SQL: the CTEs that the model begins with, each with its comma), name (string, the one of them that says what is written).
-#}
{% macro has_nothing_to_write(ctes, name) %}
    {%- if not execute or not is_incremental() or flags.WHICH not in ['build', 'run'] or model.resource_type != 'model' -%}{%- do return(false) -%}{%- endif -%}
    {%- if not model.columns or model.columns.keys() | map('lower') | reject('in', ml_monitor.stored_columns()) | list -%}{%- do return(false) -%}{%- endif -%}
    {%- set asked = 'with\n\n' ~ ctes ~ '\n\nfinal as (\n\n    select 1 as one from ' ~ name ~ ' limit 1\n\n)\n\nselect count(*) as row_count from final' -%}
    {%- do return((run_query((ml_monitor.planner_settings() or '') ~ asked).rows[0][0] | int) == 0) -%}
{% endmacro %}


{#- The select of such a run: the columns of the model's contract, and no row. Arguments: macro, monitor, name (strings, for the comment). -#}
{% macro nothing_to_write(macro, monitor, name) -%}
-- ml_monitor.{{ macro }}('{{ monitor }}'): nothing to write, {{ name }} has no row. The whole select: dbt compile --select {{ model.name }}
{{ ml_monitor.no_rows() }}
{%- endmacro %}


{#- A select without rows that has the columns of the model's contract: also a fleet view of no monitors. -#}
{% macro no_rows() -%}
select
    {%- for column in model.columns.values() %}
    cast(null as {{ column.data_type }}) as {{ adapter.quote(column.name) if column.quote else column.name }}{{ ',' if not loop.last }}
    {%- else %}
    1 as nothing
    {%- endfor %}
where 1 = 0
{%- endmacro %}

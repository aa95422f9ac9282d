{#-
  How much of a column is NULL, exact on raw rows; needs no pipeline.
  Arguments: relation (relation or `(select ...)`), column (SQL name), group_by (list of SQL names, optional).
  Returns: a select of one row, or one for each group with its columns: row_count, null_count, null_rate (share of rows; NULL if there are
    none).
-#}
{% macro null_rate(relation, column, group_by=none) %}
{%- set groups = ml_monitor.groups(group_by) -%}
with

counted as (

    select {{ groups.inputs }}count(*) as row_count, count(*) - count({{ column }}) as null_count
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    {{- groups.by_inputs }}

),

{{ ml_monitor.final_measures('counted', group_by, ['row_count', 'null_count', ['null_rate', 'null_count', 'row_count']]) }}
{%- endmacro %}

{#-
  How much of a column is NULL, exact on raw rows; needs no pipeline.
  Arguments: relation (relation or `(select ...)`), column (SQL name).
  Returns: a select of one row: row_count, null_count, null_rate (share of rows; NULL if there are none).
-#}
{% macro null_rate(relation, column) %}
select
    count(*) as row_count,
    count(*) - count({{ column }}) as null_count,
    {{ ml_monitor.ratio('(count(*) - count(' ~ column ~ '))', 'count(*)') }} as null_rate
from {{ ml_monitor.aliased(relation, 'all_rows') }}
{%- endmacro %}

{#-
  The select of a view on a log: rows that meet a condition, in the columns of staging.
  Arguments: monitor, table (`inferences` or `labels`), condition (SQL), more_columns (list of SQL names, after those of staging).
-#}
{% macro log_view(monitor, table, condition, more_columns) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set columns = spec[table] | map(attribute='sql') | list + more_columns -%}
select
    {{ columns | join(',\n    ') }}
from {{ ref(monitor ~ '__' ~ table ~ '_log') }}
where {{ condition }}
{%- endmacro %}

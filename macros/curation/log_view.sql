{#-
  The select of a view on a log: rows that meet a condition, in the columns of staging.
  Arguments: monitor, table (`inferences` or `labels`), condition (SQL), more_columns (list of SQL names, after those of staging), hidden
    (list of names of columns whose values are not shown).
-#}
{% macro log_view(monitor, table, condition, more_columns, hidden=[]) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in spec[table] -%}
        {%- set value = 'case when 1 = 0 then ' ~ column.sql ~ ' end as ' ~ column.sql if column.name in hidden else column.sql -%}
        {%- set ns.columns = ns.columns + [value] -%}
    {%- endfor -%}
select
    {{ (ns.columns + more_columns) | join(',\n    ') }}
from {{ ref(monitor ~ '__' ~ table ~ '_log') }}
where {{ condition }}
{%- endmacro %}

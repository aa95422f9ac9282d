{#-
  Test on model <m>__checks: each window, series and subject is in the metric tables and the checks of a monitor once. A row that is there
  twice would be judged twice.
  Arguments: monitor (string).
  The tables are named and not referred to: the checks depend on them, and a test that refers to a table runs whenever that table is
  selected.
  Rows: table_name, row_id (the surrogate key), row_count, message; one per key that is there more than once.
-#}
{% test unique_windows(model, monitor) %}
{%- for table in ml_monitor.tables_of_metrics(views=false) + ['checks'] if ml_monitor.has_table(monitor, table) %}
{%- set key = ml_monitor.table_columns(table)[0][0] %}
{%- set group = 'metric_group' if table == 'window_metrics' else "'" ~ table ~ "'" %}
{{ 'union all' if not loop.first }}
select
    {{ group }} as table_name,
    {{ key }} as row_id,
    count(*) as row_count,
    '{{ monitor }}__{{ table }} has ' || cast(count(*) as {{ ml_monitor.text_type() }}) || ' rows of {{ key }} ' || {{ key }} as message
from {{ ml_monitor.relation_name_of(monitor ~ '__' ~ table) }}
group by {{ group ~ ', ' if table == 'window_metrics' }}{{ key }}
having count(*) > 1
{%- endfor %}
{% endtest %}

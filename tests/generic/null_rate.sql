{#-
  Fails when too much of a column is NULL. An empty table fails.
  Arguments: warn, fail (share of rows, 0 to 1), min_rows (default 1: fewer only warn), group_by (list of columns, optional).
  Rows: status, metric, value, threshold, message.
-#}
{% test null_rate(model, column_name, warn=none, fail=none, min_rows=1, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
with

measured as (

    {{ ml_monitor.null_rate(model, column_name, group_by) | indent(4) }}

),

final as (
    {{ ml_monitor.judge_limits(
        values='measured', test='null_rate', about=ml_monitor.test_subject(model, column_name), limits=[['null_rate', 'above']],
        warn={'null_rate': warn} if warn is not none else {}, fail={'null_rate': fail} if fail is not none else {}, rows='row_count', min_rows=min_rows, group_by=group_by, is_plain=true,
        detail=ml_monitor.counts_text('null_count', 'row_count')
    ) }}

)

select * from final
{% endtest %}

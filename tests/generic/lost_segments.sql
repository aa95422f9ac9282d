{#-
  Fails when values of a column that a reference has are gone: a country, a plan, a device that no longer arrives.
  Arguments: reference (relation), reference_column (default the column), min_expected (default 20: rows to expect of a value before its absence counts),
    warn, fail: dicts of lost_share (0 to 1), lost_values (upper limits); min_rows (default 1: rows with a value), group_by (list of columns of both).
  Rows: status, metric, value, threshold, message: one per limit that is passed; the message lists up to five lost values.
-#}
{% test lost_segments(model, column_name, reference, reference_column=none, min_expected=20, warn=none, fail=none, min_rows=1, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set text = ml_monitor.text_type() -%}
with

measured as (

    {{ ml_monitor.lost_segments(model, reference, column_name, reference_column, min_expected, group_by) | indent(4) }}

),

final as (
    {{ ml_monitor.judge_limits(
        values='measured', test='lost_segments', about=ml_monitor.test_subject(model, column_name),
        limits=[['lost_share', 'above'], ['lost_values', 'above']],
        warn=warn, fail=fail, rows='row_count', min_rows=min_rows, group_by=group_by,
        detail="case when lost_values is null then ' (no value has " ~ min_expected ~ " expected rows)' when lost_values = 0 then '' else ' (' || lost_list"
            ~ " || case when lost_values > 5 then ' and ' || cast(lost_values - 5 as " ~ text ~ ") || ' more' else '' end || '; n ' || cast(row_count as " ~ text ~ ")"
            ~ " || ' / ' || cast(reference_rows as " ~ text ~ ") || ')' end"
    ) }}

)

select * from final
{% endtest %}

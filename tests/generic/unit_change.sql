{#-
  Fails when a numeric column came to be in another unit than a reference: cents for euros, seconds for minutes, Fahrenheit for Celsius.
  Arguments: reference (relation), reference_column (default the column), warn, fail: dicts of unit_changed (an upper limit: 0);
    min_rows (default 100: finite values on either side), group_by (list of columns of both).
  Rows: status, metric, value, threshold, message, which names the conversion. Which ones: macro unit_conversions.
-#}
{% test unit_change(model, column_name, reference, reference_column=none, warn=none, fail=none, min_rows=100, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set text = ml_monitor.text_type() -%}
with

measured as (

    {{ ml_monitor.unit_change(model, reference, column_name, reference_column, group_by) | indent(4) }}

),

final as (
    {{ ml_monitor.judge_limits(
        values='measured', test='unit_change', about=ml_monitor.test_subject(model, column_name), limits=[['unit_changed', 'above']],
        warn=warn, fail=fail, rows=ml_monitor.least_of(['row_count', 'reference_rows']), min_rows=min_rows, group_by=group_by,
        detail="' (' || coalesce(unit_change || ': median ' || " ~ ml_monitor.number_text('current_median', 4) ~ " || ' against ' || " ~ ml_monitor.number_text('reference_median', 4) ~ " || ', ', '')"
            ~ " || 'n ' || cast(row_count as " ~ text ~ ") || ' / ' || cast(reference_rows as " ~ text ~ ") || ')'"
    ) }}

)

select * from final
{% endtest %}

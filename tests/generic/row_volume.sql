{#-
  Fails when the newest complete hours or days have too few or too many rows for their hour of the week, or none.
  Arguments: grain (`hour` or `day`, default hour), weeks (default 4), lookback (windows judged: default 24 hours, 1 day), time_zone (default UTC),
    warn, fail: dicts of row_ratio_low (a lower limit), row_ratio_high, missing_windows (upper limits); min_rows (default 20: windows with fewer
    expected rows are not judged), group_by (list of columns).
  Rows: status, metric, value, threshold, message: one per limit that is passed.
-#}
{% test row_volume(model, column_name, grain='hour', weeks=4, lookback=none, time_zone='UTC', warn=none, fail=none, min_rows=20, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set text = ml_monitor.text_type() -%}
with

measured as (

    {{ ml_monitor.row_volume(model, column_name, grain, weeks, lookback, time_zone, min_rows, group_by) | indent(4) }}

),

-- A table without an earlier week fails by its missing value; one whose windows are all small is not evaluated.
judged as (

    select
        measured.*,
        case
            when row_count = 0 then 0
            when expected_rows is null then {{ ml_monitor.greatest_of(['row_count', min_rows]) }}
            when judged_windows = 0 then {{ ml_monitor.greatest_of([1, 'cast(floor(expected_rows) as int)']) }}
            else {{ [min_rows, 1] | max }}
        end as evidence_rows
    from measured

),

final as (
    {{ ml_monitor.judge_limits(
        values='judged', test='row_volume', about=ml_monitor.test_subject(model, column_name),
        limits=[['row_ratio_low', 'below'], ['row_ratio_high', 'above'], ['missing_windows', 'above']],
        warn=warn, fail=fail, rows='evidence_rows', min_rows=min_rows, group_by=group_by,
        detail="case when expected_rows is null then ' (no earlier week to compare with)' else ' (' || cast(judged_windows as " ~ text ~ ") || ' " ~ grain ~ "s judged'"
            ~ " || coalesce(', lowest ' || " ~ ml_monitor.number_text('row_ratio_low') ~ " || ' at ' || cast(low_window as " ~ text ~ ") || ', highest '"
            ~ " || " ~ ml_monitor.number_text('row_ratio_high') ~ " || ' at ' || cast(high_window as " ~ text ~ "), '') || ')' end"
    ) }}

)

select * from final
{% endtest %}

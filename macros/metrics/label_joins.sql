{#-
  Labels by the day of their own time, as the CTE `label_joins`: day, label_rows, orphan_label_rows (without a usable prediction),
  conflicting_label_rows, labels_batch, ml_batch (newest of the day, and of the first hour of the log, which decides on what is left out).

  In the first label_horizon_hours of the log labels of predictions come in that were made before it began: they are left out.
  Arguments: spec.
-#}
{% macro label_joins(spec) -%}
label_joins as (

    select
        {{ ml_monitor.truncate('day', 'window_start') }} as day,
        sum(rows_before) as label_rows,
        sum(rows_before - matched_rows) as orphan_label_rows,
        sum(conflicting_left_rows) as conflicting_label_rows,
        max(labels_batch) as labels_batch,
        {{ ml_monitor.greatest_of(['max(ml_batch)', 'max(first_batch)']) }} as ml_batch
    from (
        select *, max(case when window_start = first_hour then ml_batch end) over () as first_batch
        from (
            select *, min(case join_name when 'labels' then window_start end) over () as first_hour
            from {{ ref(spec.name ~ '__hourly_joins') }}
        ) as joins
    ) as joins
    where join_name = 'labels_to_predictions' and window_start >= {{ ml_monitor.date_add('hour', spec.label_horizon_hours, 'first_hour') }}
    group by {{ ml_monitor.truncate('day', 'window_start') }}

),
{%- endmacro %}

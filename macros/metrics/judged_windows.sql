{#-
  How long the windows are whose distributions are judged: the shortest of 1, 7 and 28 days in which the median day of the baseline gives
  min_sample rows, and 28 days.

  Arguments: spec (dict of monitor_spec), baseline_windows (relation).
  Returns: SQL, a subquery of one row: day_count (days of the baseline), day_rows (rows of the median one), windows (a text; `none` if 28
    days have too few rows, NULL without a baseline), recent_rows (rows of the median one of the last 28 days after the baseline), left_out
    (days before the last one of the baseline that are not clean).
-#}
{% macro judged_windows(spec, baseline_windows) -%}
(
    select
        day_count,
        day_rows,
        recent_rows,
        left_out,
        case
            {%- for grain, days in ml_monitor.window_days().items() %}
            when {{ days }} * day_rows >= {{ spec.min_sample }} then '{{ grain ~ (', 28_days' if grain != '28_days') }}'
            {%- endfor %}
            when day_rows is not null then 'none'
        end as windows
    from (
        select
            count(case when is_baseline then 1 end) as day_count,
            {{ ml_monitor.quantile(0.5, 'case when is_baseline then row_count end') }} as day_rows,
            {{ ml_monitor.quantile(0.5, 'case when days_back <= 28 and not is_baseline then row_count end') }} as recent_rows,
            count(case when reason is not null and window_start < last_day then 1 end) as left_out
        from (
            select
                is_baseline, reason, row_count, window_start,
                row_number() over (order by window_start desc) as days_back,
                max(case when is_baseline then window_start end) over () as last_day
            from {{ baseline_windows }}
            where model_version = '__all__' and baseline_since = {{ ml_monitor.first_baseline() }}
        ) as days
    ) as baseline
)
{%- endmacro %}

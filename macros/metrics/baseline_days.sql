{#-
  The days of the baseline, as the CTE `baseline_days` (model_version, window_start, day_rows).
  Where columns have more than one (has_changes), with the baseline_since of each.
  Arguments: baseline_windows (relation <m>__baseline_windows), where (SQL condition: the versions whose baselines count), has_span
    (boolean: with first_day and baseline_end, from when to when the days of a baseline are), has_changes (boolean: all baselines of
    expected changes; default: the first one).
-#}
{% macro baseline_days(baseline_windows, where=none, has_span=false, has_changes=false) -%}
{%- set of_baseline = 'model_version' ~ (', baseline_since' if has_changes) -%}
baseline_days as (

    select
        {{ of_baseline }},
        window_start,
        {%- if has_span %}
        min(window_start) over (partition by {{ of_baseline }}) as first_day,
        max(window_end) over (partition by {{ of_baseline }}) as baseline_end,
        {%- endif %}
        row_count as day_rows
    from {{ baseline_windows }}
    where
        is_baseline
        {{- ' and ' ~ where if where }}
        {{- ' and baseline_since = ' ~ ml_monitor.first_baseline() if not has_changes and ml_monitor.has_expected_changes() }}

),
{%- endmacro %}
